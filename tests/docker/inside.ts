/** Looks from inside a container, and what the outside has to be found there, or not. */
import { expect } from "vitest";
import type { Attempts, InsideReport } from "./inside_probe.ts";

const PROBE = new URL("./inside_probe.ts", import.meta.url).pathname;

/** argv of the probe as a program of its own, from a copy of its file. */
export function probeCommand(attempts: Attempts, path: string): string[] {
  return ["deno", "run", "-A", "--no-config", path, JSON.stringify(attempts)];
}

/** What the probe found in a container that runs, beside whatever runs there, as that container's user. */
export async function probeIn(container: string, attempts: Attempts): Promise<InsideReport> {
  // Through standard input: not every container has the tests' files.
  const child = new Deno.Command("docker", {
    args: [
      ...["exec", "--interactive", container],
      ...["deno", "run", "-A", "--no-config", "--ext=ts", "-", JSON.stringify(attempts)],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(Deno.readFileSync(PROBE));
  await writer.close();
  const { stdout, stderr } = await ended;
  return readReport(new TextDecoder().decode(stdout), new TextDecoder().decode(stderr));
}

/** Reads what the probe wrote. */
export function readReport(stdout: string, stderr = ""): InsideReport {
  try {
    return JSON.parse(stdout) as InsideReport;
  } catch (cause) {
    throw new Error(`The probe told nothing: ${stdout}${stderr}`, { cause });
  }
}

/** Holds what a server or a client may do to what they need: nothing but their own computing. */
export function expectUnprivileged(report: InsideReport): void {
  expect(report).toMatchObject({
    capabilities: { effective: [], permitted: [], bounding: [], ambient: [], inheritable: [] },
    noNewPrivs: true,
    seccomp: 2,
    calls: {
      rawSocket: false,
      packetSocket: false,
      setHostname: false,
      newNetwork: false,
      becomeRoot: false,
    },
    limits: { pids: expect.any(Number), memory: expect.any(Number), cpu: expect.any(Number) },
  });
  expect(report.uid).not.toBe(0);
  expect(report.gid).not.toBe(0);
  expect(report.groups).not.toContain(0);
  expectSizedScratch(report);
}

/** Holds what can be written to memory that has a size. */
export function expectSizedScratch({ writable, tmpfs, mounts }: InsideReport): void {
  for (const folder of writable) {
    // A queue of messages is no place for files: the kernel bounds what one may hold.
    if (mounts.find(({ point }) => point === folder)?.type === "mqueue") continue;
    // Where engines of Debian 13 mount version 1 of control groups: root's, and bounded by the limit of memory alone.
    if (folder === "/sys/fs/cgroup") continue;
    expect({ folder, size: tmpfs[folder] }).toEqual({
      folder,
      size: expect.stringMatching(/^\d+[kmg]?$/),
    });
  }
}

/** Listeners of this machine, TCP and UDP, on every address that it has, and what came to them. */
export class HostListeners implements Disposable {
  /** `address:port` of each. */
  readonly targets: string[] = [];
  /** `tcp 192.0.2.1:80` for each connection, `udp …` for each datagram. */
  readonly arrived: string[] = [];
  readonly #open: Disposable[] = [];

  constructor() {
    const hosts = Deno.networkInterfaces().map(({ address, family, scopeid }) =>
      family === "IPv6" ? (scopeid ? null : `[${address}]`) : address
    );
    for (const host of new Set(hosts)) {
      if (host === null) continue;
      const hostname = host.replace(/^\[|\]$/g, "");
      const tcp = Deno.listen({ hostname, port: 0 });
      const { port } = tcp.addr as Deno.NetAddr;
      const udp = Deno.listenDatagram({ transport: "udp", hostname, port });
      const target = `${host}:${port}`;
      this.targets.push(target);
      this.#open.push({ [Symbol.dispose]: () => tcp.close() });
      this.#open.push({ [Symbol.dispose]: () => udp.close() });
      void (async () => {
        for await (const connection of tcp) {
          connection.close();
          this.arrived.push(`tcp ${target}`);
        }
      })().catch(() => {});
      void (async () => {
        for await (const _datagram of udp) this.arrived.push(`udp ${target}`);
      })().catch(() => {});
    }
  }

  [Symbol.dispose](): void {
    for (const listener of this.#open) listener[Symbol.dispose]();
  }
}
