/** Programs as children of a test, a lab's or others': what they print, awaited by line, and their exit. */
import { findLab, programCommand, resolveProgram, type Role } from "../src/lab/mod.ts";

const REPO = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const TOOLS = { deno: Deno.execPath(), imports: `${REPO}/labs/imports.json` };
/** Far from what anything here takes: a program that hangs fails its test, a slow machine does not. */
const DEADLINE_MS = 20_000;

/** What a program is started with. */
export interface StartOptions {
  args?: readonly string[];
  /** Path of another program than the solution. */
  path?: string;
  /** A folder that it may write. Default: none. */
  writes?: string;
  /** What it reads. Default: nothing, until `closeInput()`. */
  input?: string | Uint8Array<ArrayBuffer>;
}

/** A program that runs, or ran. Disposing kills it. */
export class TestProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #printed = { stdout: new Uint8Array(), stderr: new Uint8Array() };
  #changed = Promise.withResolvers<void>();
  readonly #done: Promise<unknown>;

  constructor(argv: readonly string[], { input }: Pick<StartOptions, "input"> = {}) {
    const [command = "", ...rest] = argv;
    const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(command, { args: rest, ...piped, env: { NO_COLOR: "1" } })
      .spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#done = Promise.all([this.#read("stdout"), this.#read("stderr")]);
    // One that has ended without reading it tells why, and by what it exits.
    if (input !== undefined) void this.#feed(input).catch(() => {});
  }

  async #feed(input: string | Uint8Array<ArrayBuffer>) {
    await this.write(input);
    await this.closeInput();
  }

  async #read(name: "stdout" | "stderr") {
    for await (const chunk of this.#child[name]) {
      this.#printed[name] = new Uint8Array([...this.#printed[name], ...chunk]);
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }

  /** Everything printed so far. */
  text(name: "stdout" | "stderr" = "stdout"): string {
    return new TextDecoder().decode(this.#printed[name]);
  }

  /** Waits until a stream holds a match; fails if the program ends without one. */
  async printed(pattern: RegExp, name: "stdout" | "stderr" = "stdout"): Promise<RegExpExecArray> {
    let ended = false;
    const done = this.#done.then(() => ended = true);
    while (true) {
      const changed = this.#changed.promise;
      const match = pattern.exec(this.text(name));
      if (match) return match;
      if (ended) throw new Error(`The program never printed ${pattern}: ${this.#both()}`);
      await this.#within(Promise.race([changed, done]), `to print ${pattern}`);
    }
  }

  async write(input: string | Uint8Array<ArrayBuffer>) {
    await this.#input.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
  }

  async closeInput() {
    await this.#input.close();
  }

  signal(signal: "SIGINT" | "SIGTERM") {
    this.#child.kill(signal);
  }

  /** Waits for the end: its exit status and all that it printed, as lines and as bytes. */
  async exit() {
    const { code } = await this.#within(this.#child.status, "to end");
    await this.#done;
    const lines = (name: "stdout" | "stderr") =>
      this.text(name) === "" ? [] : this.text(name).replace(/\n$/, "").split("\n");
    return { code, stdout: lines("stdout"), stderr: lines("stderr"), bytes: this.#printed.stdout };
  }

  async #within<T>(promise: Promise<T>, what: string): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`Waited too long for the program ${what}: ${this.#both()}`)),
      DEADLINE_MS,
    );
    return await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
  }

  #both(): string {
    return JSON.stringify({ stdout: this.text(), stderr: this.text("stderr") });
  }

  async [Symbol.asyncDispose]() {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#done;
    await this.#input.abort().catch(() => {});
  }
}

/** A lab's program. */
export class TestProgram extends TestProcess {
  constructor(lab: string, role: Role, { args = [], path, writes, input }: StartOptions = {}) {
    const program = resolveProgram(findLab(REPO, lab), role, path === undefined ? {} : { path });
    const argv = programCommand(program, args, { ...TOOLS, writes });
    super(argv, input === undefined ? {} : { input });
  }
}

/** A UDP socket on 127.0.0.1, at a port that the kernel chose. */
export class TestSocket implements Disposable {
  readonly conn: Deno.DatagramConn;
  readonly address: Deno.NetAddr;
  readonly #buffer = new Uint8Array(65_535);

  constructor() {
    this.conn = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    this.address = this.conn.addr as Deno.NetAddr;
  }

  get port(): number {
    return this.address.port;
  }

  async send(data: string | Uint8Array, port: number) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await this.conn.send(bytes, { transport: "udp", hostname: "127.0.0.1", port });
  }

  /** Waits for the next datagram: its bytes, its text, and the port it came from. */
  async receive() {
    const late = setTimeout(() => this.conn.close(), DEADLINE_MS);
    const [data, from] = await this.conn.receive(this.#buffer).finally(() => clearTimeout(late));
    const bytes = data.slice();
    return { bytes, text: new TextDecoder().decode(bytes), port: (from as Deno.NetAddr).port };
  }

  [Symbol.dispose]() {
    try {
      this.conn.close();
    } catch {
      // Closed already.
    }
  }
}
