/** What `lab grade` does: settles the batch, grades, tells. */
import { batchStatus, gradeBatch, graderFor } from "../src/grade/mod.ts";
import { type GradePlan, type GradeValues, planGrade } from "./grade_plan.ts";
import { GradeReport } from "./grade_report.ts";
import { Interrupt } from "./interrupt.ts";
import { toolsOf } from "./lab_programs.ts";
import { commandTyped, quote } from "./repeat_command.ts";
import type { Context } from "./verb.ts";

/** Grades as the options say; returns the exit status. */
export async function gradeLab(context: Context<GradeValues>): Promise<number> {
  const { values, root, output } = context;
  if (values.replay !== undefined) {
    const { replay } = await import("./grade_replay.ts");
    return await replay(context);
  }
  using plan = await planGrade(context);
  const { lab, checks, folder, journal, jobs, book } = plan;
  using interrupt = new Interrupt();
  using report = new GradeReport(output, plan, values);
  const { signal } = interrupt;
  const onNotice = (line: string) => report.notice(line);
  const tools = toolsOf(root);
  try {
    const end = await gradeBatch(folder, journal, {
      title: lab.manifest.title,
      checks,
      jobs,
      grader: (lanes) => graderFor({ lab, checks, terms: journal, lanes, tools, onNotice, signal }),
      context: () => ({
        env: (name) => Deno.env.get(name),
        now: new Date(),
        token: () => crypto.randomUUID().replaceAll("-", ""),
      }),
      watch: {
        begin: (entry) => report.begin(entry),
        check: (entry, check, index) => report.check(entry, check, index),
        result: () => report.result(),
        end(ended) {
          book.add(ended, plan);
          report.end(ended);
        },
        notice: onNotice,
      },
      signal,
    });
    report.finish(end);
    if (book.fault === null) return batchStatus(end.submissions);
    onNotice(`${book.fault}; --resume enters what is missing`);
    return 3;
  } catch (error) {
    // Where nothing at all can be graded here, that is all there is to say.
    if (!signal.aborted && !report.anyEnded) throw error;
    report.brokenOff(resumeCommand(root, plan, values));
    if (signal.aborted) return 130;
    throw error;
  }
}

/** The command line that goes on with a batch. */
function resumeCommand(root: string, { lab, folder }: GradePlan, values: GradeValues): string {
  const { trust, json, jobs, book } = values;
  const words = [commandTyped(root), "grade", lab.manifest.id, "--resume", "--out", folder.path];
  if (jobs !== undefined) words.push("--jobs", `${jobs}`);
  if (book !== undefined) words.push("--book", book);
  if (trust) words.push("--trust");
  if (json) words.push("--json");
  return words.map(quote).join(" ");
}
