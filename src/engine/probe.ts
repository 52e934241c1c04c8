/** Looks at the machine: the shell around `advice.ts`. Changes nothing, leaves nothing. */
import { probeCommand } from "../link/mod.ts";
import { LINK_IMAGE, PROGRAMS_IMAGE } from "./docker/image_names.ts";
import { probeDocker, probeImages } from "./docker_probe.ts";
import {
  type DockerFacts,
  type MachineFacts,
  type NamespaceFacts,
  type NamespaceLimits,
  type ToolName,
  TOOLS,
} from "./machine_facts.ts";
import { PROBE_SCRIPT, readProbe } from "./probe_script.ts";

/** Folders where system tools lie although an ordinary user's PATH may lack them. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Returns what this machine has, in about 0.2 s; trials that hang count as failed after 5 s. */
export async function probeMachine(signal?: AbortSignal): Promise<MachineFacts> {
  const deadline = AbortSignal.timeout(5_000);
  const limit = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const linux = Deno.build.os === "linux";
  const root = linux && Deno.uid() === 0;
  const tools = findTools();
  const [namespaces, docker, tcVersion] = await Promise.all([
    linux && tools.unshare ? probeNamespaces(tools.unshare, root, limit) : null,
    probeEngine(limit),
    tools.tc ? toolVersion(tools.tc, limit) : null,
  ]);
  signal?.throwIfAborted();
  return {
    deno: { version: Deno.version.deno, path: Deno.execPath() },
    os: Deno.build.os,
    arch: Deno.build.arch,
    kernel: Deno.osRelease(),
    root,
    distribution: distribution(read("/etc/os-release") ?? read("/usr/lib/os-release") ?? ""),
    tools,
    tcVersion,
    tunMode: statMode("/dev/net/tun"),
    tunOpens: opens("/dev/net/tun"),
    namespaces,
    limits: limits(),
    docker,
  };
}

async function probeEngine(signal: AbortSignal): Promise<DockerFacts> {
  const found = await probeDocker({ signal });
  if (found.version === null) return found;
  const images = await probeImages(found.socket!, [PROGRAMS_IMAGE, LINK_IMAGE], signal);
  return { ...found, images };
}

/** Returns the ids in os-release(5) text: the distribution's own, then those it is like. */
export function distribution(text: string): string[] {
  const value = (key: string) =>
    new RegExp(`^${key}=["']?([^"'\n]*)`, "m").exec(text)?.[1]?.split(" ").filter(Boolean) ?? [];
  return [...value("ID"), ...value("ID_LIKE")];
}

function findTools(): Record<ToolName, string | null> {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":").filter(Boolean), ...SYSTEM_FOLDERS];
  const find = (name: string) =>
    folders.map((folder) => `${folder}/${name}`).find((path) => {
      const mode = statMode(path);
      return mode !== null && (mode & 0o111) !== 0;
    }) ?? null;
  return Object.fromEntries(TOOLS.map((name) => [name, find(name)])) as Record<
    ToolName,
    string | null
  >;
}

async function probeNamespaces(
  unshare: string,
  root: boolean,
  signal: AbortSignal,
): Promise<NamespaceFacts> {
  const none = { works: false, reason: "no namespace to try it in" } as const;
  let reason = "";
  for (const as of root ? ["root", "user"] as const : ["user"] as const) {
    const rights = as === "user" ? ["--user", "--map-root-user"] : [];
    // The same namespaces as a testbed's.
    const { stdout, stderr } = await output(unshare, [
      ...rights,
      ...["--net", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", PROBE_SCRIPT],
      ...["socklab-probe", ...probeCommand(Deno.execPath())],
    ], signal);
    const facts = readProbe(stdout);
    if (facts) return { as, reason: "", ...facts };
    reason = stderr.trim().split("\n")[0] || "unshare said nothing";
  }
  return { as: null, reason, veth: none, bridge: none, tun: none, tc: null, congestion: [] };
}

async function toolVersion(path: string, signal: AbortSignal): Promise<string | null> {
  const { stdout } = await output(path, ["-V"], signal);
  return /iproute2-(?:ss)?([\d.]+)/.exec(stdout)?.[1] ?? null;
}

async function output(
  command: string,
  args: string[],
  signal: AbortSignal,
): Promise<{ stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await new Deno.Command(command, {
      args,
      signal,
      stdin: "null",
      env: { LC_ALL: "C", PATH: [Deno.env.get("PATH") ?? "", ...SYSTEM_FOLDERS].join(":") },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    return { stdout: "", stderr: error instanceof Error ? error.message : String(error) };
  }
}

function limits(): NamespaceLimits {
  const setting = (path: string) => {
    const text = read(`/proc/sys/${path}`)?.trim();
    return text ? Number(text) : null;
  };
  return {
    appArmor: setting("kernel/apparmor_restrict_unprivileged_userns"),
    usernsClone: setting("kernel/unprivileged_userns_clone"),
    maxUserNamespaces: setting("user/max_user_namespaces"),
    container: ["/.dockerenv", "/run/.containerenv"].some((path) => statMode(path) !== null),
  };
}

function read(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}

function statMode(path: string): number | null {
  try {
    const info = Deno.statSync(path);
    return info.isDirectory ? null : (info.mode ?? 0) & 0o7777;
  } catch {
    return null;
  }
}

function opens(path: string): boolean {
  try {
    Deno.openSync(path, { read: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}
