/** What `lab grades` does: opens the book, picks runs, tells them. */
import {
  type Book,
  compareLast,
  findBook,
  gradesJson,
  pickRuns,
  type Run,
  type RunFilter,
  runsCsv,
} from "../src/grade/mod.ts";
import { fromHere } from "./from_here.ts";
import { comparisonText } from "./grades_compare.ts";
import { exportText } from "./grades_export.ts";
import { type GradesValues, type Wanted, wanted } from "./grades_filter.ts";
import { gradeNotes } from "./grades_notes.ts";
import { bookFault, bookPath } from "./grades_place.ts";
import { tellRun } from "./grades_run.ts";
import { gradesTable } from "./grades_table.ts";
import { type Context, UsageError } from "./verb.ts";

/** Tells what the gradebook holds, as the options say; returns the exit status. */
export async function showGrades(context: Context<GradesValues>): Promise<number> {
  const { values, positionals, root } = context;
  const want = wanted(values, positionals, new Date());
  const path = bookPath(root, values.book);
  if (path === null) throw new UsageError("Give --book, or LAB_GRADES, a file: none keeps no runs");
  try {
    using book = findBook(path);
    if (book === null && values.book !== undefined) {
      throw new UsageError(`Give --book a gradebook that exists, not ${values.book}`);
    }
    await tell(want, { book, path, context });
    return 0;
  } catch (error) {
    throw bookFault(error);
  }
}

/** The book, null where nobody has begun it yet, and for whom it is opened. */
interface Opened {
  book: Book | null;
  path: string;
  context: Context<GradesValues>;
}

async function tell(want: Wanted, { book, path, context }: Opened): Promise<void> {
  if (want.what === "run") return await show(want, book, context);
  const { output, values } = context;
  const runs = book?.list(want.filter) ?? [];
  if (runs.length === 0) {
    const line = emptyText(want.filter, path);
    if (want.format === "text") return output.out(`${line}\n`);
    output.err(`lab: ${line}\n`);
  }
  if (want.what === "list") return await list(runs, want, context);
  const comparison = compareLast(runs);
  if (want.format === "text") output.out(comparisonText(comparison, output.style));
  else await exportText(gradesJson(comparison), values.out, output);
}

async function show(
  { id, format }: Wanted & { what: "run" },
  book: Book | null,
  { output, values, root }: Context<GradesValues>,
): Promise<void> {
  const run = book?.list({ ids: [id] })[0];
  if (!book || !run) {
    throw new UsageError(
      `Give --run the number of a run (./lab grades lists them), not ${id}: there is none`,
    );
  }
  const told = { run, result: book.result(id) };
  if (format === "text") tellRun(told, { output, root });
  else await exportText(gradesJson(told), values.out, output);
}

async function list(
  runs: readonly Run[],
  { pick, limit, format }: Wanted & { what: "list" },
  { output, values }: Context<GradesValues>,
): Promise<void> {
  const picked = pickRuns(runs, pick, limit);
  if (pick !== "all") { for (const line of gradeNotes(runs, picked)) output.err(`lab: ${line}\n`); }
  if (format !== "text") {
    const text = format === "csv" ? runsCsv(picked) : gradesJson({ runs: picked });
    await exportText(text, values.out, output);
    return;
  }
  const { style, isTerminal, columns } = output;
  output.out(gradesTable(picked, { style, columns: isTerminal ? columns : Infinity }));
  const more = runs.length - picked.length;
  if (pick === "all" && more > 0) {
    output.out(style.dim(`${more} more before that: --limit N shows more, --latest one of each\n`));
  }
}

/** Why there is nothing to show, and what to do about it. */
function emptyText(filter: RunFilter, path: string): string {
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return filtered
    ? `No run is as the options ask: ./lab grades shows all of ${fromHere(path)}`
    : `No run is in the gradebook yet: ./lab grade LAB PATH enters what it grades (${
      fromHere(path)
    })`;
}
