/** The client library of Docker's API: dockerode, fetched once where this machine has none. */
import type Docker from "dockerode";
import { MachineError } from "../machine_error.ts";
import type { DockerSocket } from "../docker_socket.ts";

/** The checkout that this file belongs to. */
const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");

/** How the library is called in `deno.json`. */
const NAME = "dockerode";

/** Returns a client of the engine at a socket. It takes 75 ms to load: begin early, and do other things meanwhile. */
export async function openClient(
  socket: DockerSocket,
  onNotice: (line: string) => void = () => {},
): Promise<Docker> {
  const Client = await load(onNotice);
  return "path" in socket
    ? new Client({ socketPath: socket.path })
    : new Client({ protocol: "http", host: socket.hostname, port: socket.port });
}

let loaded: Promise<typeof Docker> | null = null;

function load(onNotice: (line: string) => void): Promise<typeof Docker> {
  return loaded ??= find(onNotice);
}

async function find(onNotice: (line: string) => void): Promise<typeof Docker> {
  if (exists(`${root}/node_modules/${NAME}`)) return (await import("dockerode")).default;
  const folder = modulesFolder();
  if (!exists(`${folder}/node_modules/${NAME}`)) await provide(folder, onNotice);
  // What names lead to was settled when this process began; `require` looks anew.
  const { createRequire } = await import("node:module");
  return createRequire(`${folder}/`)(NAME);
}

/** Where modules go: the checkout, or where the launcher puts its own if that is not ours to write. */
function modulesFolder(): string {
  const imports = Deno.env.get("LAB_IMPORTS");
  if (imports === undefined || imports === `${root}/labs/imports.json`) return root;
  return imports.slice(0, imports.lastIndexOf("/"));
}

async function provide(folder: string, onNotice: (line: string) => void): Promise<void> {
  onNotice("fetching the client library of Docker's API (once)");
  const config = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`)) as {
    imports: Record<string, string>;
  };
  let cwd = root;
  try {
    if (folder !== root) {
      cwd = Deno.makeTempDirSync({ dir: folder, prefix: "part." });
      const only = { nodeModulesDir: "auto", imports: { [NAME]: config.imports[NAME] } };
      Deno.writeTextFileSync(`${cwd}/deno.json`, JSON.stringify(only));
    }
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["install", "--quiet", ...(folder === root ? ["--frozen"] : [])],
      cwd,
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(firstReason(new TextDecoder().decode(stderr)));
    if (folder !== root) moveInto(`${cwd}/node_modules`, `${folder}/node_modules`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MachineError(
      `Go online and try again, or use --engine local: Docker's client library could not be fetched (${reason})`,
      { cause },
    );
  } finally {
    if (cwd !== root) Deno.removeSync(cwd, { recursive: true });
  }
}

/** Adds what lies in one folder of modules to another, beside what is there. */
function moveInto(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name } of Deno.readDirSync(from)) {
    if (name === ".deno" && exists(`${to}/.deno`)) moveInto(`${from}/.deno`, `${to}/.deno`);
    else if (!exists(`${to}/${name}`)) Deno.renameSync(`${from}/${name}`, `${to}/${name}`);
  }
}

function firstReason(text: string): string {
  const line = text.split("\n").find((line) => /error/i.test(line)) ?? text.trim();
  return line.replace(/^.*?error:? */i, "").slice(0, 150) || "deno install failed";
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
