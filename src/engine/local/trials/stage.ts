/** What the local engine's tests stand on: private folders, other users, other machines, looks at what is left. */
import { startTime } from "../../process.ts";

/** Whether the tests may build other users and other machines. */
export const isRoot = Deno.uid() === 0;

/** The user that root turns into, to try what an ordinary one can. */
const NOBODY = 65534;

/** A private folder for one test file's state folders; programs started with it in their environment are found by it. */
export class Stage implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab-test-" }));
  readonly #before = Deno.env.get("XDG_RUNTIME_DIR");

  constructor() {
    Deno.chmodSync(this.folder, 0o755);
    Deno.env.set("XDG_RUNTIME_DIR", this.folder);
  }

  /** The state folders, of whichever user. */
  states(): string[] {
    return [...Deno.readDirSync(this.folder)].filter(({ name }) => name.startsWith("socklab-"))
      .flatMap(({ name }) => {
        const base = `${this.folder}/${name}`;
        return [...Deno.readDirSync(base)].map((entry) => `${base}/${entry.name}`);
      });
  }

  /** The processes of testbeds that were started here. */
  processes(): number[] {
    return allProcesses().filter((pid) => {
      try {
        return pid !== Deno.pid && startTime(pid) !== null &&
          Deno.readTextFileSync(`/proc/${pid}/environ`).includes(`=${this.folder}\0`);
      } catch {
        return false;
      }
    });
  }

  /** Resolves once no process and no state folder is left. */
  async empty(): Promise<void> {
    await eventually(() => this.states().length === 0 && this.processes().length === 0, () => {
      return `still there: ${[...this.states(), ...this.processes()].join(", ")}`;
    });
  }

  async [Symbol.asyncDispose]() {
    if (this.#before === undefined) Deno.env.delete("XDG_RUNTIME_DIR");
    else Deno.env.set("XDG_RUNTIME_DIR", this.#before);
    await Deno.remove(this.folder, { recursive: true });
  }
}

function allProcesses(): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(Number.isInteger);
}

/** The processes that live in a namespace, given as /proc/PID/ns has it, such as `net:[4026531840]`. */
export function inhabitants(namespace: string): number[] {
  const kind = namespace.slice(0, namespace.indexOf(":"));
  return allProcesses().filter((pid) => {
    try {
      return Deno.readLinkSync(`/proc/${pid}/ns/${kind}`) === namespace;
    } catch {
      return false;
    }
  });
}

/** Looks again and again until it is so; throws after 10 s. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  describe = () => "it never came true",
) {
  const deadline = performance.now() + 10_000;
  while (!await check()) {
    if (performance.now() > deadline) throw new Error(describe());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a trial's machine is like. */
export interface Machine {
  /** Run as an ordinary user, with root's help. Default: as who we are. */
  nobody?: boolean;
  /** Lines of sh, run as root in a mount namespace of its own: what is different about this machine. */
  prepare?: string;
  /** argv before the trial's, run as the trial's user. */
  within?: string[];
}

// An ordinary user may open the tun device on most systems; the node is the namespace's own.
const openTun = `mount -t tmpfs none /dev/net
mknod /dev/net/tun c 10 200
chmod 666 /dev/net/tun`;

/** Starts one of the files beside this one as a program of its own. */
export function startTrial(name: string, stage: Stage, machine: Machine = {}): Deno.ChildProcess {
  const { nobody = false, prepare = "", within = [] } = machine;
  const trial = [
    ...within,
    Deno.execPath(),
    "run",
    "-A",
    "--no-config",
    "--no-lock",
    "--quiet",
    new URL(`./${name}.ts`, import.meta.url).href,
  ];
  let argv = trial;
  const env: Record<string, string> = { XDG_RUNTIME_DIR: stage.folder, NO_COLOR: "1" };
  if (nobody || prepare !== "") {
    let user: string[] = [];
    if (nobody) {
      Deno.chownSync(stage.folder, NOBODY, NOBODY);
      const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
      user = ["setpriv", ...ids, "--inh-caps=-all"];
      env.HOME = stage.folder;
      env.DENO_DIR = `${stage.folder}/deno`;
    }
    const script = `set -e\n${nobody ? openTun : ""}\n${prepare}\nexec "$@"`;
    argv = ["unshare", "--mount", "/bin/sh", "-c", script, "sh", ...user, ...trial];
  }
  return new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a trial to its end; returns the value that it says. */
export async function runTrial(name: string, stage: Stage, machine?: Machine): Promise<unknown> {
  const { stdout, stderr, code } = await startTrial(name, stage, machine).output();
  const said = new TextDecoder().decode(stdout);
  if (code !== 0 || said === "") {
    throw new Error(`${name} ended with status ${code}: ${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(said);
}

/** Reads what a trial says first, and lets it go on. */
export async function firstWords(trial: Deno.ChildProcess): Promise<unknown> {
  const reader = trial.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) {
      throw new Error(`the trial ended early: ${await new Response(trial.stderr).text()}`);
    }
    text += value;
  }
  return JSON.parse(text);
}
