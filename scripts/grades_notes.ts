/** What whoever takes over grades has to know of them. Pure. */
import { type Run, shown } from "../src/grade/mod.ts";

/** So many names are told. */
const NAMED = 5;

/** Returns lines about submissions whose grade is not final, not there, or one of several. `picked` has one a lab of each. */
export function gradeNotes(runs: readonly Run[], picked: readonly Run[]): string[] {
  const rejected = picked.filter(({ outcome }) => outcome === "rejected");
  const open = picked.filter(({ undecided }) => undecided > 0);
  const whole = new Set(runs.filter((run) => run.whole).map(nameOf));
  const partial = new Set(runs.map(nameOf).filter((name) => !whole.has(name)));
  const labs = [...new Set(picked.map(({ lab }) => lab))];
  return [
    ...note("Add --lab LAB for a row a student: runs are of", labs.length > 1 ? labs : []),
    ...note("Grade again: some checks came to no verdict, for", open.map(nameOf)),
    ...note("There is no score where a submission was rejected:", rejected.map(nameOf)),
    ...note("Left out, since only some checks were ever run:", [...partial]),
  ];
}

/** Two labs may have submissions of one name. */
function nameOf({ lab, submission }: Run): string {
  return `${shown(submission)} (${lab})`;
}

function note(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - NAMED;
  return [`${what} ${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}
