/** What the tests of Compose stand on: a project of the test's own, so that a user's lab may run beside it. */
import { afterEach, beforeEach } from "vitest";
import { type Result, RunningLab, type StartOptions, type Summary } from "../cli/lab_stage.ts";
import { dockerLines } from "../docker/docker_cli.ts";

/** The checkout. */
export const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Whom programs run as: not root, who may start these tests. */
export const UID = Deno.uid() === 0 ? 1000 : Deno.uid()!;

/** Short runs: three datagrams, 10 ms apart, over a perfect wire. */
export const SHORT = { LAB_NETEM: "none", LAB_COUNT: "3", LAB_INTERVAL: "10" };

/** A project of Compose's with a folder for artifacts. */
export class ComposeStage implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab-compose-" }));
  readonly project = `lab-${crypto.randomUUID().slice(0, 8)}`;
  /** Where artifacts go. */
  readonly out = `${this.folder}/out`;
  readonly #started: RunningLab[] = [];

  constructor() {
    Deno.mkdirSync(this.out);
    if (Deno.uid() === 0) Deno.chownSync(this.out, UID, UID);
  }

  get env(): Record<string, string> {
    return {
      COMPOSE_PROJECT_NAME: this.project,
      COMPOSE_ANSI: "never",
      COMPOSE_PROGRESS: "plain",
      LAB_OUT: this.out,
      LAB_UID: `${UID}`,
    };
  }

  /** Starts `docker compose ARGS` in the checkout. */
  start(args: readonly string[], options: StartOptions = {}): RunningLab {
    const argv = [...options.within ?? [], "docker", "compose", ...args];
    const running = new RunningLab(argv, { ...options, env: { ...this.env, ...options.env } });
    this.#started.push(running);
    return running;
  }

  /** Runs `docker compose ARGS` to its end. */
  compose(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
    return this.start(args, { env }).end();
  }

  /** Runs `docker compose up LAB`, its status the client's. */
  up(env: Record<string, string> = {}, lab = "lab3"): Promise<Result> {
    return this.compose(["up", "--exit-code-from", lab, lab], env);
  }

  /** Runs a command in a container that runs. */
  exec(service: string, ...command: string[]): Promise<Result> {
    return this.compose(["exec", "-T", service, ...command]);
  }

  /** The summary of the last run. */
  summary(): Summary {
    return JSON.parse(Deno.readTextFileSync(`${this.out}/lab3/latest/summary.json`)) as Summary;
  }

  /** Containers, networks and volumes of the project. */
  async left(): Promise<string[]> {
    const filter = ["--filter", `label=com.docker.compose.project=${this.project}`];
    const found = await Promise.all([
      dockerLines("container", "ls", "--all", "--quiet", ...filter),
      dockerLines("network", "ls", "--quiet", ...filter),
      dockerLines("volume", "ls", "--quiet", ...filter),
    ]);
    return found.flat();
  }

  async [Symbol.asyncDispose]() {
    for (const running of this.#started) running.signal("SIGKILL");
    await Promise.all(this.#started.map((running) => running.end()));
    await this.compose(["down", "--timeout", "0", "--volumes", "--remove-orphans"]);
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Gives each test of a file a project of its own. */
export function useCompose(): { readonly stage: ComposeStage } {
  const holder: { stage: ComposeStage } = { stage: undefined as unknown as ComposeStage };
  beforeEach(() => void (holder.stage = new ComposeStage()));
  afterEach(async () => await holder.stage[Symbol.asyncDispose]());
  return holder;
}

/** What one container of a run printed, line by line: standard output, then standard error. */
export function linesOf({ out, err }: Pick<Result, "out" | "err">, container = "lab3-1"): string[] {
  // deno-lint-ignore no-control-regex
  return `${out}\n${err}`.replace(/\x1b\[\d*[A-Za-z]/g, "").split("\n").flatMap((line) => {
    const [, who, text] = /^(\S+) +\| ?(.*)$/.exec(line) ?? [];
    return who === container ? [text!.trimEnd()] : [];
  });
}

/** The same as one text. */
export function textOf(result: Pick<Result, "out" | "err">, container?: string): string {
  return linesOf(result, container).join("\n");
}
