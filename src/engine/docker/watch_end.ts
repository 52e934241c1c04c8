/** Telling a link that has ended from an engine that has, which takes the link along. */
import { MachineError } from "../machine_error.ts";
import { delay } from "../process.ts";
import { ENGINE_LOST } from "./explain.ts";

/** Milliseconds in which an engine that is being stopped goes after it has ended the link. */
const LAST_WORDS = 1500;

/** What is watched. */
export interface Watched {
  /** Settles once the link has ended, with its last words. */
  linkEnded: Promise<string>;
  /** Settles once the engine tells nothing more of its containers. */
  eventsLost: Promise<void>;
  /** Whether the engine takes connections. */
  answers: () => Promise<boolean>;
}

/**
 * Returns the reason, once link or engine has ended; never settles before.
 *
 * Word of an engine's end comes in any order, and while it is coming, an engine that was killed may still take
 * connections, and one that the system starts again does soon. Only what goes by itself leaves the other: a link that
 * ends while the engine goes on telling has ended alone.
 */
export function untilEnded({ linkEnded, eventsLost, answers }: Watched): Promise<MachineError> {
  const reason = Promise.withResolvers<MachineError>();
  const engineLost = () => reason.resolve(new MachineError(ENGINE_LOST));
  eventsLost.then(async () => {
    // A stream that was merely cut off, by whatever lies between, costs nobody the run.
    if (!await answers()) engineLost();
  });
  linkEnded.then(async (words) => {
    // An engine that is being stopped ends its containers first.
    const late = delay(LAST_WORDS);
    await Promise.race([eventsLost.then(engineLost), late.done]);
    late.cancel();
    reason.resolve(new MachineError(words));
  });
  return reason.promise;
}
