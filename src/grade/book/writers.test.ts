/** Several graders that write one gradebook, and what is in it when they end badly. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBook } from "./book.ts";
import { newRun } from "./run_for_test.ts";

const WRITER = decodeURIComponent(new URL("writer_for_test.ts", import.meta.url).pathname);

let folder: string;
let path: string;
const writers: Writer[] = [];
beforeEach(() => {
  folder = Deno.makeTempDirSync({ prefix: "socklab-book-" });
  path = `${folder}/book.sqlite`;
});
afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.kill();
  Deno.removeSync(folder, { recursive: true });
});

class Writer {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(name: string, count: number | "half", within: readonly string[] = []) {
    const run = [Deno.execPath(), "run", "-A", "--quiet", WRITER, path, name, `${count}`];
    const [command, ...args] = [...within, ...run];
    this.#child = new Deno.Command(command!, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    writers.push(this);
  }

  /** The next line that it prints; null once it has ended. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      const { value, done } = await this.#lines.read();
      if (done) return null;
      this.#text += value;
    }
  }

  async begin() {
    const input = this.#child.stdin.getWriter();
    await input.write(new Uint8Array(1));
    await input.close();
  }

  /** All lines that it still prints. */
  async rest(): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== null; line = await this.line()) lines.push(line);
    return lines;
  }

  async kill() {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.rest();
  }
}

/** Expects each run to be there with all that belongs to it. */
function expectWhole(names: readonly string[]) {
  using book = openBook(path);
  const runs = book.list();
  expect(runs.map(({ batch, submission }) => `${batch} ${submission}`).sort())
    .toEqual([...names].sort());
  const { result } = newRun();
  for (const { id, checks } of runs) {
    expect(checks.map((check) => check.id)).toEqual(result!.checks.map((check) => check.id));
    expect(book.result(id)?.checks).toEqual(result!.checks);
  }
}

test("begun by six at once, each run is in it once, and nobody is refused", async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const six = names.map((name) => new Writer(name, 20));
  // All are there before any begins: they meet where the book is made, too.
  expect(await Promise.all(six.map((one) => one.line()))).toEqual(six.map(() => "ready"));
  await Promise.all(six.map((one) => one.begin()));
  const lines = (await Promise.all(six.map((one) => one.rest()))).flat();
  expect(lines).toHaveLength(120);
  expect(lines.filter((line) => line.endsWith("1"))).toHaveLength(120);
  expect(lines.filter((line) => line.startsWith("1"))).toHaveLength(20);
  const numbers = Array.from({ length: 20 }, (_, number) => `s${number}`);
  expectWhole(["shared", ...names].flatMap((name) => numbers.map((number) => `${name} ${number}`)));
});

test("a grader killed in the middle of a run leaves those before, and nothing of that one", async () => {
  {
    using book = openBook(path);
    book.add(newRun({ batch: "before" }));
  }
  const writer = new Writer("killed", "half");
  await writer.line();
  await writer.begin();
  expect(await writer.line()).toBe("in the middle");
  // Whoever reads meanwhile is not kept waiting, and sees nothing of it.
  expectWhole(["before alice"]);
  await writer.kill();
  expectWhole(["before alice"]);
  using book = openBook(path);
  expect(book.add(newRun({ batch: "after" }))).toBe(true);
  expectWhole(["before alice", "after alice"]);
});

test("graders killed at any moment: what was entered by then is there, and no half run", async () => {
  const entered: string[] = [];
  for (let number = 0; number < 6; number++) {
    const writer = new Writer(`w${number}`, 1000);
    await writer.line();
    await writer.begin();
    for (let lines = 0; lines <= number * 3; lines++) await writer.line();
    await writer.kill();
    using book = openBook(path);
    const own = book.list().filter(({ batch }) => batch === `w${number}`);
    expect(own.length).toBeGreaterThan(number * 3);
    entered.push(...own.map(({ submission }) => `w${number} ${submission}`));
  }
  using book = openBook(path);
  const shared = book.list().filter(({ batch }) => batch === "shared");
  expectWhole([...entered, ...shared.map(({ submission }) => `shared ${submission}`)]);
});
