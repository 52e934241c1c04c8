/** What of a command's output stays the same from run to run: its words. Pure. */

/**
 * Returns the different lines of an output, without figures, units of time, addresses, lengths of arrows, and what
 * names the machine's engine; in the order of the alphabet, since speakers who speak at once do so in any order.
 */
export function shapeOf(text: string): string[] {
  const lines = text.split("\n").map(lineShape).filter((line) => line !== "");
  return [...new Set(lines)].sort();
}

/** A line of three dots in a document stands for lines left out. */
const LEFT_OUT = "…";

/** Returns what a document shows that the output has not, and the other way round; two empty lists where they agree. */
export function shapeDifference(
  shown: string,
  output: string,
): { notPrinted: string[]; notShown: string[] } {
  const wanted = shapeOf(shown), real = shapeOf(output);
  const cut = wanted.includes(LEFT_OUT);
  return {
    notPrinted: wanted.filter((line) => line !== LEFT_OUT && !real.includes(line)),
    notShown: cut ? [] : real.filter((line) => !wanted.includes(line)),
  };
}

function lineShape(line: string): string {
  return line
    // deno-lint-ignore no-control-regex
    .replace(/\x1b\[[0-9;]*[A-Za-z]/g, "")
    .replace(/^engine .*/, "engine")
    .replace(/\S*\bout\/lab/g, "out/lab")
    .replace(/\d+\.\d+\.\d+\.\d+(:\d+)?/g, "ADDRESS")
    .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, "DAY")
    .replace(/\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g, "MONTH")
    .replace(/\d+(?:[.,]\d+)*/g, "#")
    .replace(/# ms\b/g, "# s")
    // On TCP the number of packets varies with delayed ACKs, and so does whether any was lost.
    .replace(/#, # lost\b/g, "#")
    .replace(/, then by the (\w+) # s later/, ", then by the $1")
    .replace(/[─-]{2,}/g, "─")
    .replace(/\s+/g, " ")
    .trim();
}
