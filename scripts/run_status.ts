/** How a run ended: what to tell of programs that failed, and the exit status. */
import { endingText, type RunOutcome } from "../src/run/mod.ts";

/** An exit status, and the fault that it is for, if it is for one. */
export interface RunStatus {
  status: 0 | 1 | 130;
  fault: string | null;
}

/** Returns how a run ended. One fault is told: the one that the others come from. */
export function runStatus(outcome: RunOutcome): RunStatus {
  const fail = (fault: string): RunStatus => ({ status: 1, fault });
  if (outcome.interrupted) return { status: 130, fault: null };
  if (outcome.server !== null) {
    return fail(
      `Keep the server running: it ended during the run, with ${endingText(outcome.server)}`,
    );
  }
  const failed = outcome.clients.flatMap((exit, index) =>
    exit.code === 0 ? [] : [{ exit, number: index + 1 }]
  );
  const [first] = failed;
  if (first === undefined) return { status: 0, fault: null };
  const { up, down } = outcome.end;
  if (!outcome.displaced && up.delivered > 0 && down.seen === 0) {
    return fail(
      `Let the server answer each request: ${up.delivered} reached it, and it sent nothing back`,
    );
  }
  const name = outcome.clients.length > 1 ? `client ${first.number}` : "the client";
  const others = failed.length > 1 ? `, as did ${failed.length - 1} more` : "";
  return fail(`Look at what ${name} printed: it ended with ${endingText(first.exit)}${others}`);
}
