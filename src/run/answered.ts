/** Answers in what a client has printed. */

/** Counts the lines whose answer stands somewhere in what a client printed, each answer for one line only. */
export function countAnswered(answers: readonly string[], printed: string): number {
  let from = 0, found = 0;
  for (const answer of answers) {
    const at = printed.indexOf(answer, from);
    if (at < 0) continue;
    found++;
    from = at + answer.length;
  }
  return found;
}
