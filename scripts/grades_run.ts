/** One run of the gradebook, told again as it was told when it ended. */
import { type GradeResult, printable, type Run, shown } from "../src/grade/mod.ts";
import { discoverLabs } from "../src/lab/mod.ts";
import { CheckReport } from "./check_report.ts";
import { fromHere } from "./from_here.ts";
import { originText } from "./grades_compare.ts";
import { exists } from "./paths.ts";
import { commandTyped, quote } from "./repeat_command.ts";
import type { Context } from "./verb.ts";

/** Tells a run with all its feedback; its result is null where it was rejected. */
export function tellRun(
  { run, result }: { run: Run; result: GradeResult | null },
  { output, root }: Pick<Context, "output" | "root">,
): void {
  const { style } = output;
  const { submission, hash, artifacts, rejected, batch, lab } = run;
  output.out(`${style.bold(shown(submission))}\n${style.dim(originText(run))}\n`);
  const more = [
    `batch ${shown(batch)}`,
    ...(hash === null ? [] : [`files ${hash.slice(0, 12)}`]),
    ...(artifacts === null ? [] : [`artifacts ${shown(artifacts)}`]),
  ];
  output.out(`${style.dim(more.join(", "))}\n\n`);
  if (result === null) {
    output.out(`${style.red("rejected")}: ${shown(rejected ?? "")}\n`);
    return;
  }
  const harmless = JSON.parse(
    JSON.stringify(result),
    (_key, value) => typeof value === "string" ? printable(value) : value,
  ) as GradeResult;
  const report = new CheckReport(output, {
    lab: { id: lab, title: titleOf(root, lab) },
    checks: harmless.checks,
    values: { json: false, all: true },
    seed: BigInt(run.seed),
  });
  for (const check of harmless.checks) report.result(check);
  report.end(harmless);
  const again = replayLine(run, root);
  if (again !== null) output.out(`${style.dim(`The same inputs again: ${again}`)}\n`);
}

function titleOf(root: string, id: string): string {
  const lab = discoverLabs(root).find(({ manifest }) => manifest.id === id);
  return lab?.manifest.title ?? "a lab that is not in this checkout";
}

/** The command line that grades it again, where what it takes is still there. */
function replayLine({ lab, artifacts }: Run, root: string): string | null {
  const file = `${artifacts}/result.json`;
  // A path that cannot be shown cannot be typed.
  if (artifacts === null || !exists(file) || shown(file) !== file) return null;
  return `${commandTyped(root)} grade ${lab} --replay ${quote(fromHere(file))}`;
}
