/**
 * A test's handle on a peer.
 */
import type { PeerAnswer, PeerRequest, Received } from "./payload.ts";
import { TextLineStream } from "./text_lines.ts";

/** Sockets at one end of the stage; one request at a time. */
export class Peer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(argv: string[]) {
    this.#child = new Deno.Command(argv[0]!, {
      args: argv.slice(1),
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextLineStream()).getReader();
    this.#writer = this.#child.stdin.getWriter();
  }

  /** Starts one; settles once it takes requests. */
  static async start(argv: string[]): Promise<Peer> {
    const peer = new Peer(argv);
    await peer.#answer();
    return peer;
  }

  async #answer(): Promise<PeerAnswer> {
    const { value, done } = await this.#lines.read();
    if (done) throw new Error("The peer ended");
    const answer = JSON.parse(value) as PeerAnswer;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  #ask(request: PeerRequest): Promise<PeerAnswer> {
    const done = this.#turn.then(async () => {
      await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
      return await this.#answer();
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Opens the UDP socket, of IPv4 unless `host` says else; with `echo` it sends back whatever comes. */
  async udp(port: number, options: { host?: string; echo?: boolean } = {}): Promise<void> {
    const { host = "0.0.0.0", echo = false } = options;
    await this.#ask({ op: "udp", host, port, echo });
  }
  /** Sends datagrams numbered from `first`, one after the other. Default size: 64 bytes. */
  async send(
    to: { host: string; port: number },
    what: { first: number; count?: number; size?: number },
  ): Promise<void> {
    await this.#ask({ op: "send", ...to, count: 1, size: 64, ...what });
  }
  /** All that came so far, once there are `count`, or at the deadline. */
  async received(count: number, ms = 10_000): Promise<Received[]> {
    return (await this.#ask({ op: "received", count, ms })).received!;
  }
  /** Forgets what came. */
  async forget(): Promise<void> {
    await this.#ask({ op: "forget" });
  }
  /** Listens for one TCP connection, whose bytes `sunk()` then tells. */
  async sink(port: number, host = "0.0.0.0"): Promise<void> {
    await this.#ask({ op: "sink", host, port });
  }
  /** What the sink took, once its connection has ended. */
  async sunk(): Promise<{ bytes: number; sha256: string }> {
    const { bytes, sha256 } = await this.#ask({ op: "sunk" });
    return { bytes: bytes!, sha256: sha256! };
  }
  /** Sends a stream to a sink; `remote` is the digest that the sink sent back. */
  async stream(
    to: { host: string; port: number },
    bytes: number,
  ): Promise<{ sha256: string; remote: string; ms: number }> {
    const { sha256, remote, ms } = await this.#ask({ op: "stream", ...to, bytes });
    return { sha256: sha256!, remote: remote!, ms: ms! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#writer.close().catch(() => {});
    await this.#lines.cancel().catch(() => {});
    await this.#child.status;
  }
}
