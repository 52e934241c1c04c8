/** An engine of a test's own, in a network namespace of its own: to be stopped, filled up, or made to lack something. */
import { until } from "../link/poll.ts";

/** Why no engine of one's own can be started here; empty where one can. */
export const noOwnEngine: string = await reason();

async function reason(): Promise<string> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    return "starting an engine takes root on Linux";
  }
  for (const name of ["dockerd", "docker", "unshare"]) {
    const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] })
      .output();
    if (!success) return `no ${name} here`;
  }
  return "";
}

/** How an engine is started. */
export interface OwnEngineOptions {
  /** Megabytes that its data may take; default all there is. */
  megabytes?: number;
}

/** An engine that runs, or ran. */
export class OwnEngine implements AsyncDisposable {
  readonly folder: string;
  readonly #options: OwnEngineOptions;
  /** Holds its namespaces: what a killed engine leaves is where the next one looks for it. */
  readonly #home: Deno.ChildProcess;
  #child: Deno.ChildProcess | null = null;

  private constructor(options: OwnEngineOptions, folder: string) {
    this.#options = options;
    this.folder = folder;
    this.#home = new Deno.Command("unshare", {
      args: [
        ...["--net", "--mount", "--propagation", "slave"],
        ...["sh", "-c", "ip link set lo up; echo ready; exec cat"],
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
  }

  /** Starts an engine; it has no image. */
  static async start(options: OwnEngineOptions = {}): Promise<OwnEngine> {
    const folder = Deno.makeTempDirSync({ prefix: "socklab-engine-" });
    Deno.mkdirSync(`${folder}/data`);
    const { megabytes } = options;
    if (megabytes !== undefined) {
      await run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "none", `${folder}/data`);
    }
    const engine = new OwnEngine(options, folder);
    await engine.#home.stdout.getReader().read();
    await engine.begin();
    return engine;
  }

  /** Where it listens, as DOCKER_HOST has it. */
  get host(): string {
    return `unix://${this.folder}/docker.sock`;
  }
  /** Where it keeps its data. */
  get data(): string {
    return `${this.folder}/data`;
  }

  /**
   * Starts it, or starts it again.
   *
   * @param before Shell words run before, in its own mount namespace: `mount -t tmpfs none /dev/net`.
   */
  async begin(before = ""): Promise<void> {
    const words = [
      "dockerd",
      ...["--data-root", this.data, "--exec-root", `${this.folder}/exec`],
      ...["--pidfile", `${this.folder}/pid`, "--host", this.host],
      ...["--bridge", "none", "--iptables=false", "--ip6tables=false"],
    ];
    const enter = [`--target=${this.#home.pid}`, "--net", "--mount"];
    const line = before === ""
      ? 'exec "$@"'
      : `exec unshare --mount sh -c '${before}; exec "$@"' - "$@"`;
    this.#child = new Deno.Command("nsenter", {
      args: [...enter, "sh", "-c", `exec >>"$0" 2>&1; ${line}`, `${this.folder}/log`, ...words],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(() => this.docker("version").then(() => true, () => false), Boolean, 20_000);
  }

  /** Ends it; its containers end with it, unless it is killed. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    child.kill(signal);
    await child.status;
    // The next engine would take a process that nobody has waited for yet for a containerd that runs.
    if (signal === "SIGKILL") Deno.removeSync(`${this.folder}/exec/containerd/containerd.pid`);
  }

  /** Gives it our images, from the machine's engine. */
  async loadImages(...tags: string[]): Promise<void> {
    const line = `docker save ${tags.join(" ")} | docker --host '${this.host}' load`;
    await run("sh", "-c", line);
  }

  /** Runs a command in its network namespace. */
  async within(...command: string[]): Promise<string> {
    return await run("nsenter", `--target=${this.#home.pid}`, "--net", ...command);
  }

  /** Runs `docker ARGS` on it; resolves to its standard output. */
  async docker(...args: string[]): Promise<string> {
    return await run("docker", "--host", this.host, ...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = await this.docker("ps", "--all", "--quiet").catch(() => "");
    if (left.trim() !== "") await this.docker("rm", "--force", ...left.trim().split("\n"));
    await this.stop();
    await this.#home.stdin.close();
    await this.#home.status;
    if (this.#options.megabytes !== undefined) await run("umount", this.data);
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" })
    .output();
  if (!success) throw new Error(`${command} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
