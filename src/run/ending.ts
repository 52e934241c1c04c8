/** How a program ended, in words. Pure. */
import type { ProgramExit } from "../engine/mod.ts";

/** `exit status 1`, or the signal, and why where that is known. */
export function endingText({ code, signal, why }: ProgramExit): string {
  const status = signal ?? `exit status ${code}`;
  return why === undefined ? status : `${status}: ${why}`;
}

/** Of the lines that a program left on standard error, the one that says most; undefined where it left none. */
export function lastWord(lines: readonly string[]): string | undefined {
  // deno-lint-ignore no-control-regex
  const plain = lines.map((line) => line.replace(/\x1b\[[0-9;]*m|␛\[[0-9;]*m/g, "").trim());
  return plain.find((line) => /error/i.test(line)) ?? plain.findLast((line) => line !== "");
}
