/** How a link came up, or why it did not. */
import { MuxClient, type ReadyLine } from "../../mux/mod.ts";
import { explain } from "../explain_link.ts";
import { MachineError } from "../machine_error.ts";
import { delay } from "../process.ts";
import type { Attached } from "./hijack.ts";
import { readWords } from "./last_words.ts";
import { inputOf, splitOutput } from "./streams.ts";

/** Milliseconds that a link has until it is ready. */
const PATIENCE = 60_000;
/** A link whose standard streams we hold. */
export interface LinkProcess {
  /** Connections to it. */
  mux: MuxClient;
  ready: ReadyLine;
  /** Settles once it has ended, with its last words in one line. */
  ended: Promise<string>;
}

/**
 * Takes a link over its container's streams, and waits until it is ready.
 *
 * @param onNotice Takes what it says on standard error from then on.
 * @throws {MachineError} In its own words, where it ends instead.
 */
export async function takeLink(
  attached: Attached,
  onNotice: (line: string) => void,
): Promise<LinkProcess> {
  const { stdout, stderr } = splitOutput(attached);
  let ready = false;
  const words = readWords(stderr, (line) => {
    if (ready) onNotice(line);
  });
  const mux = new MuxClient({ readable: stdout, writable: inputOf(attached) });
  const ended = mux.ended.then(async () => explain(await words).message);
  const late = delay(PATIENCE);
  try {
    const line = await Promise.race([
      mux.ready,
      late.done.then(() => {
        throw new MachineError(
          "Try again when the machine is less busy: the link was not ready in time",
        );
      }),
    ]);
    ready = true;
    return { mux, ready: line, ended };
  } catch (error) {
    attached.close();
    throw error instanceof MachineError ? error : new MachineError(await ended, { cause: error });
  } finally {
    late.cancel();
  }
}
