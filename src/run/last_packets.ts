/**
 * The end of a run whose clients have ended: their kernels still say good-bye.
 */

/** Without a packet for so long, in milliseconds, none is waited for any more; nor after so long in all. */
const QUIET = 1_500, LONGEST = 6_000;
/** Milliseconds in which a kernel has answered what has come to it. */
const ANSWERED = 5;

/** What is waited for. */
export interface LastPackets {
  /** Whether nothing more is to come. */
  isOver: () => boolean;
  /** Resolves to how many packets the link holds: a RST may follow the one that ended it all. */
  queued: () => Promise<number>;
  /** Sets whom to tell of each packet. */
  onPacket: (told: () => void) => void;
  /** Ends the wait at once. */
  interrupt: AbortSignal;
}

/** Settles when all is over and nothing is on its way, when it has gone quiet, or when it takes too long. */
export async function lastPackets(
  { isOver, queued, onPacket, interrupt }: LastPackets,
): Promise<void> {
  const end = performance.now() + LONGEST;
  while (!isOver() && !interrupt.aborted) {
    const left = Math.min(QUIET, end - performance.now());
    const packet = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => done(false), Math.max(0, left));
      const done = (packet: boolean) => {
        clearTimeout(timer);
        interrupt.removeEventListener("abort", stop);
        resolve(packet);
      };
      const stop = () => done(false);
      interrupt.addEventListener("abort", stop, { once: true });
      onPacket(() => done(true));
    });
    if (!packet) return;
  }
  // Empty twice in a row: what left the link last may have been answered.
  for (let empty = 0; empty < 2 && !interrupt.aborted && performance.now() < end;) {
    empty = await queued() === 0 ? empty + 1 : 0;
    if (empty < 2) await new Promise((resolve) => setTimeout(resolve, ANSWERED));
  }
}
