/** What the tests of the command line stand on: a private folder for all that one test starts, and looks at what is left. */
import { afterEach, beforeEach } from "vitest";
import { advise, probeMachine } from "../../src/engine/mod.ts";
import { fromFileUrl } from "../../scripts/paths.ts";
import { until } from "../link/poll.ts";

/** The checkout. */
export const ROOT = fromFileUrl(new URL("../..", import.meta.url).href).replace(/\/$/, "");
/** Far from what anything here takes: what hangs fails its test, a slow machine does not. */
const DEADLINE_MS = 20_000;

/** The local engine is what these tests are about. */
const NO_DOCKER = { socket: null, version: null, kernel: null, reason: "absent" } as const;

/** Why labs cannot run on this machine's local engine; empty where they can. */
export const cannotRun = advise({ ...await probeMachine(), docker: NO_DOCKER }).findings
  .filter(({ state }) => state === "missing")
  .map(({ topic, found }) => `${topic}: ${found}`).join("; ");

/** Short runs: three datagrams, 10 ms apart, over a perfect wire. */
export const SHORT = ["--netem", "none", "--count", "3", "--interval", "10"] as const;

/** How a command line ended. */
export interface Result {
  status: number;
  out: string;
  err: string;
}

/** How a command line is started. */
export interface StartOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** What it reads; default nothing. */
  input?: string;
  /** argv in front of `./lab`. */
  within?: readonly string[];
}

/** A `./lab` that runs, or ran. */
export class RunningLab {
  readonly #child: Deno.ChildProcess;
  readonly #text = { stdout: "", stderr: "" };
  readonly #read: Promise<unknown>;
  #ended = false;

  constructor(argv: readonly string[], { cwd = ROOT, env = {}, input }: StartOptions) {
    this.#child = new Deno.Command(argv[0]!, {
      args: argv.slice(1),
      cwd,
      env,
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (input !== undefined) void this.#feed(input);
    this.#read = Promise.all((["stdout", "stderr"] as const).map(async (name) => {
      for await (const chunk of this.#child[name].pipeThrough(new TextDecoderStream())) {
        this.#text[name] += chunk;
      }
    })).then(() => this.#ended = true);
  }

  async #feed(input: string) {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input)).catch(() => {});
    await writer.close().catch(() => {});
  }

  get pid(): number {
    return this.#child.pid;
  }
  /** Standard output so far. */
  get out(): string {
    return this.#text.stdout;
  }
  /** Standard error so far. */
  get err(): string {
    return this.#text.stderr;
  }

  /** Waits until standard output matches; fails once the command has ended without. */
  async printed(pattern: RegExp): Promise<void> {
    await until(() => pattern.test(this.out) || this.#ended, Boolean, DEADLINE_MS);
    if (pattern.test(this.out)) return;
    throw new Error(`It never printed ${pattern}: ${this.out}${this.err}`);
  }

  signal(name: Deno.Signal): void {
    try {
      this.#child.kill(name);
    } catch {
      // It has ended already.
    }
  }

  /** Waits for its end; so many milliseconds later it is killed. */
  async end(deadlineMs = DEADLINE_MS): Promise<Result> {
    const timer = setTimeout(() => this.signal("SIGKILL"), deadlineMs);
    const { code } = await this.#child.status;
    clearTimeout(timer);
    await this.#read;
    return { status: code, out: this.out, err: this.err };
  }
}

/** A private folder in which labs keep their state, with all that was started from it. */
export class LabStage implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab-cli-" }));
  /** Where artifacts go, if asked. */
  readonly out = `${this.folder}/out`;
  readonly #started: RunningLab[] = [];

  /** The environment of everything here; whatever comes of it can be told by the last variable. */
  get env(): Record<string, string> {
    return {
      LAB_DENO: Deno.execPath(),
      // Whatever else answers here.
      LAB_ENGINE: "local",
      TERM: "xterm",
      NO_COLOR: "",
      // Not XDG_RUNTIME_DIR: labs that the tester has up are none of the test's.
      LAB_RUNTIME_DIR: this.folder,
      SOCKLAB_STAGE: this.folder,
    };
  }

  /** Starts `./lab ARGS`. */
  start(args: readonly string[], options: StartOptions = {}): RunningLab {
    const argv = [...options.within ?? [], `${ROOT}/lab`, ...args];
    return this.#begin(argv, options);
  }

  /** Runs `./lab ARGS` to its end. */
  lab(...args: string[]): Promise<Result> {
    return this.start(args).end();
  }

  /** Runs `./lab run lab3 ARGS`, with its artifacts in this folder. */
  run(...args: string[]): Promise<Result> {
    return this.lab("run", "lab3", "--out", this.out, ...args);
  }

  /** Runs a line of bash to its end. */
  shell(line: string, options: StartOptions = {}): Promise<Result> {
    return this.#begin(["bash", "-c", line], options).end();
  }

  #begin(argv: readonly string[], options: StartOptions): RunningLab {
    const running = new RunningLab(argv, { ...options, env: { ...this.env, ...options.env } });
    this.#started.push(running);
    return running;
  }

  /** Writes a program into the folder; returns its path. */
  program(name: string, text: string): string {
    const path = `${this.folder}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }

  /** State folders and processes of what was started here. */
  left(): string[] {
    return [...this.states(), ...this.processes().map((pid) => `${pid} ${commandOf(pid)}`)];
  }

  /** Paths of the state folders. */
  states(): string[] {
    return [...Deno.readDirSync(this.folder)].filter(({ name }) => /^socklab-\d+$/.test(name))
      .flatMap(({ name }) =>
        [...Deno.readDirSync(`${this.folder}/${name}`)]
          .map((entry) => `${this.folder}/${name}/${entry.name}`)
      );
  }

  /** Process ids. */
  processes(): number[] {
    const mark = `SOCKLAB_STAGE=${this.folder}\0`;
    return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
      try {
        return Number.isInteger(pid) &&
          Deno.readTextFileSync(`/proc/${pid}/environ`).includes(mark);
      } catch {
        return false; // It has ended.
      }
    });
  }

  /** Waits until nothing is left. */
  async empty(ms: number): Promise<void> {
    await until(() => this.left(), (left) => left.length === 0, ms);
  }

  async [Symbol.asyncDispose]() {
    for (const running of this.#started) running.signal("SIGKILL");
    for (const pid of this.processes()) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
    await Promise.all(this.#started.map((running) => running.end()));
    await this.empty(5000).catch(() => {});
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function commandOf(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Gives each test of a file a stage of its own. */
export function useStage(): { readonly stage: LabStage } {
  const holder: { stage: LabStage } = { stage: undefined as unknown as LabStage };
  beforeEach(() => void (holder.stage = new LabStage()));
  afterEach(async () => await holder.stage[Symbol.asyncDispose]());
  return holder;
}

/** The paths of a run's artifacts, by its summary. */
export interface Summary {
  driver: string;
  profile: { up: string; down: string };
  seed: string | null;
  sent: number | null;
  received: number | null;
  lost: number | null;
  link: Record<"up" | "down", { seen: number; delivered: number; lost: number }>;
  artifacts: string | null;
}

/** The events of packets in one direction, from a run's artifacts. */
export function packetEvents(folder: string, dir: "up" | "down") {
  const lines = Deno.readTextFileSync(`${folder}/events.jsonl`).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((event) => event.ev === "packet" && event.dir === dir) as {
      n: number;
      fate: string;
      copies: unknown[];
    }[];
}

/** What the link said of each datagram, without times: `["1 answered", "2 lost on the way to the server"]`. */
export function outcomes(out: string): string[] {
  return out.split("\n").flatMap((line) => {
    const match = /^ +link │ +(\d+) +(\D+)/.exec(line);
    return match ? [`${match[1]} ${match[2]!.trim()}`] : [];
  }).sort();
}
