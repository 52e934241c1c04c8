/** `lab run` in a terminal: colours, the keyboard, Ctrl-C from it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../link/poll.ts";
import { cannotRun, LabStage, ROOT, SHORT } from "./lab_stage.ts";

/** A terminal under tmux, with a server of its own. */
class Terminal implements AsyncDisposable {
  readonly stage = new LabStage();

  async #tmux(...args: string[]): Promise<string> {
    const words = ["-f", "/dev/null", "-S", `${this.stage.folder}/tmux`, ...args];
    const { code, stdout, stderr } = await new Deno.Command("tmux", {
      args: words,
      env: { ...this.stage.env, LC_ALL: "C.UTF-8" },
      stdin: "null",
    }).output();
    if (code !== 0) throw new Error(`tmux ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  /** Opens it, with `./lab ARGS` in it; its exit status is printed behind `ended with`. */
  async open(...args: string[]): Promise<void> {
    await this.openWith("", ...args);
  }

  /** Likewise, with shell words in front, such as `NO_COLOR=1`. */
  async openWith(before: string, ...args: string[]): Promise<void> {
    // Ctrl-C goes to this shell too, which is to stay: a trap, which what it starts does not inherit.
    const line = `trap : INT; ${before} "${ROOT}/lab" ${
      args.join(" ")
    }; echo ended with $?; exec cat`;
    await this.#tmux("new-session", "-d", "-x", "100", "-y", "60", "sh", "-c", line);
  }

  /** Types keys, as tmux names them. */
  async type(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Waits until the screen matches; with escapes if asked. */
  async shows(pattern: RegExp, ...options: string[]): Promise<string> {
    return await until(
      () => this.#tmux("capture-pane", "-p", ...options),
      (screen) => pattern.test(screen),
    );
  }

  /** Closes it, as a window is closed. */
  async close(): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
  }

  async [Symbol.asyncDispose]() {
    await this.close();
    await this.stage[Symbol.asyncDispose]();
  }
}

async function reason(): Promise<string> {
  if (cannotRun !== "") return cannotRun;
  return await new Deno.Command("tmux", { args: ["-V"], stdout: "null" }).output()
    .then(() => "", () => "no tmux here");
}
const without = await reason();

describe.skipIf(without !== "")(`in a terminal ${without}`, () => {
  let terminal: Terminal;
  beforeEach(() => void (terminal = new Terminal()));
  afterEach(async () => await terminal[Symbol.asyncDispose]());
  const labsEnd = () =>
    terminal.stage.left().filter((line) => !/^\d+ (?:\S*tmux|sh -c trap|cat) /.test(line));

  test.each([["", true], ["NO_COLOR=1", false], ["TERM=dumb", false]])(
    "lines have colours, unless asked not to: '%s'",
    async (env, coloured) => {
      await terminal.openWith(env, "run", "lab3", "--out", terminal.stage.out, ...SHORT);
      const screen = await terminal.shows(/ended with 0/, "-e");
      // deno-lint-ignore no-control-regex
      expect(/\x1b\[1m3 packets transmitted/.test(screen)).toBe(coloured);
      expect(labsEnd()).toEqual([]);
    },
    30_000,
  );

  test("--input -: what is typed is answered, Ctrl-D ends", async () => {
    await terminal.open("run", "lab3", "--out", terminal.stage.out, "--netem", "none", "--input -");
    await terminal.shows(/Server listens/);
    await terminal.type("good morning", "Enter");
    await terminal.shows(/client │ GOOD MORNING/);
    await terminal.type("C-d");
    await terminal.shows(/1 packets transmitted, 1 received[^]*ended with 0/);
    expect(labsEnd()).toEqual([]);
  }, 30_000);

  test("--input -: Ctrl-C ends with statistics", async () => {
    await terminal.open("run", "lab3", "--out", terminal.stage.out, "--netem", "none", "--input -");
    await terminal.shows(/Server listens/);
    await terminal.type("one", "Enter");
    await terminal.shows(/client │ ONE/);
    await terminal.type("C-c");
    await terminal.shows(/1 packets transmitted, 1 received[^]*ended with 130/);
    expect(labsEnd()).toEqual([]);
  }, 30_000);

  test("Ctrl-C ends a run with its statistics", async () => {
    const args = ["--netem", "none", "--count", "100000", "--interval", "10"];
    await terminal.open("run", "lab3", "--out", terminal.stage.out, ...args);
    await terminal.shows(/link │ +\d+ {2}answered/);
    await terminal.type("C-c");
    await terminal.shows(/packets transmitted[^]*ended with 130/);
    expect(labsEnd()).toEqual([]);
  }, 30_000);

  test("a closed terminal ends the run", async () => {
    const args = ["--netem", "none", "--count", "100000", "--interval", "10"];
    await terminal.open("run", "lab3", "--out", terminal.stage.out, ...args);
    await terminal.shows(/link │ +\d+ {2}answered/);
    await terminal.close();
    await terminal.stage.empty(3000);
  }, 30_000);

  /** Grades a server that does nothing, which takes as long as it is given. */
  const grading = (...options: string[]) => {
    const { stage } = terminal;
    const file = stage.program("server_once.ts", "setInterval(() => {}, 1000);");
    const own = ["--only", "once-echo", "--out", `${stage.folder}/batch`, "--book", "none"];
    return ["grade", "lab1", file, ...own, "--trust", ...options];
  };
  const underWay = /^Grading 1 submission[^]*\n0\/1 done\n {2}server_once\.ts {2}1\/1 {2}\w/;

  test("lab grade shows what runs, in its place, and takes that away", async () => {
    await terminal.open(...grading("--timeout", "3"));
    await terminal.shows(underWay);
    const screen = await terminal.shows(/ended with 3/);
    expect(screen).toMatch(/^\? server_once\.ts +0\/5 +1 +not judged: once-echo$/m);
    expect(screen).not.toMatch(/done$|^ {2}server_once/m);
    expect(labsEnd()).toEqual([]);
  }, 60_000);

  test("Ctrl-C ends lab grade with the line that goes on", async () => {
    await terminal.open(...grading());
    await terminal.shows(underWay);
    await terminal.type("C-c");
    const screen = await terminal.shows(/ended with 130/);
    expect(screen).toMatch(
      /^lab: Broken off with 0\/1 done; to go on: \S+lab grade lab1 --resume/m,
    );
    expect(labsEnd()).toEqual([]);
  }, 60_000);

  test("lab shell takes Ctrl-C for what runs in it, and gives the terminal back", async () => {
    await terminal.stage.lab("up", "lab3", "--netem", "none");
    await terminal.open("shell", "lab3", "client");
    await terminal.type("ping -c 1 server", "Enter");
    await terminal.shows(/1 packets transmitted, 1 received/);
    await terminal.type("echo sleeps; sleep 100", "Enter");
    await terminal.shows(/^sleeps/m);
    await terminal.type("C-c", "echo awake", "Enter");
    await terminal.shows(/^awake/m);
    await terminal.type("exit 5", "Enter");
    await terminal.shows(/ended with 5/);
    await terminal.type("typed", "Enter");
    await terminal.shows(/typed\ntyped/);
    await terminal.stage.lab("down", "lab3");
    await until(labsEnd, (left) => left.length === 0);
  }, 30_000);
});
