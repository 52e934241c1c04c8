/** A rig: a virtual machine with a kernel that has netem, with Docker, Deno and the checkout inside. */
import { packCheckout, ROOT, unpackScript } from "./checkout.ts";
import { type DiskOptions, packagesDisk, rootDisk } from "./disks.ts";
import { imagesDisk } from "./images_disk.ts";
import { type Drive, type KernelName, qemuCommand } from "./machine.ts";
import { Qemu } from "./qemu.ts";
import { RigClient } from "./client.ts";

/** What starting a rig takes. */
export interface RigOptions extends DiskOptions {
  /** Default "6.12", whose netem knows `seed`. */
  kernel?: KernelName;
  /** Whether Docker runs in it, with the images of this machine's engine. Default true. */
  docker?: boolean;
  /** Another disk for Docker's data, kept as the rig leaves it. */
  data?: string;
  /** Whether the checkout is in it. Default true. */
  checkout?: boolean;
  /** A file that gets what the console shows. */
  log?: string;
  /** How long it may take until commands can be run. Default a minute and a half; it takes five seconds. */
  startMs?: number;
}

/** Ports of the rig that are reached from here. */
const PORTS = { server: 2300, docker: 2375 } as const;

/** A rig that runs. Disposing ends it at once; what was written in it is gone. */
export class Rig extends RigClient implements AsyncDisposable {
  readonly #qemu: Qemu;

  private constructor(qemu: Qemu, ports: { server: number; docker: number }) {
    super({ ...ports, console: () => qemu.console.lines() });
    this.#qemu = qemu;
  }

  /**
   * Starts a rig; makes its disks before, where they are not there yet.
   *
   * @throws {MachineError} Where a tool is missing, or Debian's packages cannot be fetched.
   * @throws {Error} Where it does not start; with the end of what its console shows.
   */
  static async start(options: RigOptions = {}): Promise<Rig> {
    const { kernel = "6.12", docker = true, checkout = true, signal, startMs = 90_000 } = options;
    const disks = await rootDisk(options);
    const drives: Drive[] = [{ file: `${disks}/root.ext4` }];
    const add = (drive: Drive) => `/dev/vd${"abcdef"[drives.push(drive) - 1]}`;
    const packages = checkout ? add({ file: await packagesDisk(ROOT, options) }) : null;
    const settings: Record<string, string> = { docker: docker ? "on" : "off" };
    if (options.data !== undefined) settings.data = add({ file: options.data, keep: true });
    else if (docker) settings.data = add({ file: await imagesDisk(options) });
    signal?.throwIfAborted();
    const ports = { server: freePort(), docker: freePort() };
    const qemu = new Qemu(
      qemuCommand({
        kernel: `${disks}/vmlinuz-${kernel}`,
        initrd: `${disks}/initrd-${kernel}`,
        drives,
        ports: [
          { host: ports.server, rig: PORTS.server },
          { host: ports.docker, rig: PORTS.docker },
        ],
        settings,
        memoryMegabytes: 2048,
      }),
      options.log,
    );
    const rig = new Rig(qemu, ports);
    try {
      await rig.#ready(startMs, signal);
      await rig.exec(`date --set=@${Date.now() / 1000}`, { signal });
      if (packages !== null) {
        await rig.run(unpackScript(packages), { stdin: packCheckout(), signal });
      }
      if (docker) await rig.#dockerReady(signal);
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Resolves once it has ended, by itself or not. */
  get ended(): Promise<void> {
    return this.#qemu.ended;
  }

  /** Switches it off in its own time, so that what was written to a disk that is kept is there. */
  async powerOff(): Promise<void> {
    await this.run(`pkill dockerd
      while pgrep 'dockerd|containerd' >/dev/null; do sleep 0.1; done
      umount /var/lib/docker
      sync`);
    // It hangs up on that.
    await this.exec("busybox poweroff -f", { timeoutMs: 30_000 }).catch(() => {});
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#qemu[Symbol.asyncDispose]();
  }

  async #ready(ms: number, signal?: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(ms);
    const ends = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const onEnd = () => resolve("late");
    ends.addEventListener("abort", onEnd);
    const what = await Promise.race([
      this.#qemu.console.shown("rig: ready").then(() => "ready"),
      this.#qemu.ended.then(() => "gone"),
      ended,
    ]);
    ends.removeEventListener("abort", onEnd);
    signal?.throwIfAborted();
    if (what === "ready") return;
    const words = what === "gone" ? "it ended" : `nothing within ${ms / 1000} s`;
    throw new Error(this.explain(`Look at the rig's console: it does not start, ${words}`));
  }

  async #dockerReady(signal?: AbortSignal): Promise<void> {
    // The socket is there before it is answered at; whoever asks, waits.
    await this.run(
      `while [ ! -S /run/docker.sock ]; do
        pgrep dockerd >/dev/null || { cat /run/dockerd.log >&2; exit 1; }
        sleep 0.1
      done
      printf 'GET /_ping HTTP/1.0\\r\\n\\r\\n' | socat -t 30 - UNIX:/run/docker.sock | grep -q OK`,
      { signal, timeoutMs: 60_000 },
    );
  }
}

/** Starts a rig: {@linkcode Rig.start}. */
export function startRig(options?: RigOptions): Promise<Rig> {
  return Rig.start(options);
}

/** A port that nothing listens on now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
