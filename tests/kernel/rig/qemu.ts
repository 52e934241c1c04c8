/** A QEMU process that ends with us, however we end. */
import { ConsoleTail } from "./console_tail.ts";

/**
 * Ends QEMU once nobody holds this shell's standard input; and QEMU ends with this shell.
 *
 * $@: QEMU's command line.
 */
const KEEPER = `
exec 3<&0 </dev/null
setpriv --pdeathsig KILL "$@" 3<&- &
qemu=$!
{ read -r _ <&3; kill -KILL $qemu; } 2>/dev/null &
holder=$!
exec 3<&-
wait $qemu
status=$?
kill $holder 2>/dev/null
exit $status
`;

/** A machine that runs. Disposing ends it at once, and waits until it is gone. */
export class Qemu implements AsyncDisposable {
  readonly console = new ConsoleTail();
  /** Resolves once it has ended, by itself or not. */
  readonly ended: Promise<void>;
  readonly #keeper: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter;

  /**
   * Starts it.
   *
   * @param command QEMU's command line.
   * @param log A file that gets what its console shows, for other processes.
   */
  constructor(command: readonly string[], log?: string) {
    this.#keeper = new Deno.Command("setsid", {
      args: ["--wait", "sh", "-c", KEEPER, "sh", ...command],
      env: { PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin` },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#keeper.stdin.getWriter();
    const file = log === undefined
      ? undefined
      : Deno.openSync(log, { create: true, write: true, truncate: true });
    const show = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
        this.console.add(piece);
        file?.writeSync(new TextEncoder().encode(piece));
      }
    };
    const shown = Promise.all([show(this.#keeper.stdout), show(this.#keeper.stderr)]);
    this.ended = this.#keeper.status.then(async () => {
      await shown;
      file?.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stdin.close().catch(() => {});
    await this.ended;
  }
}
