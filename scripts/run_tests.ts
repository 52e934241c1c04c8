/** The work of `lab test`: install, gates, Vitest, one closing line whatever happens. */
import { type GateResult, GATES, runGate } from "./gates.ts";
import { addCounts, closingLine, type Count, countReport } from "./test_count.ts";
import { installPlan, NEEDS } from "./test_needs.ts";
import type { Output } from "./verb.ts";

/** What to test. */
export interface TestRun {
  /** Run long repetitions: tests see LAB_SOAK=1. */
  soak: boolean;
  /** Parts of test files' paths; empty for all, with the gates. */
  filters: readonly string[];
  output: Output;
  root: string;
}

/** Runs it all and prints the closing line; resolves to 0 if everything passed, else 1. */
export async function runTests(run: TestRun): Promise<number> {
  const { output } = run;
  const ci = !["", "0", "false"].includes(Deno.env.get("CI") ?? "");
  let count: Count = { passed: 0, failed: 0, skipped: 0 };
  let skips: string[] = [];
  try {
    if (!(await installMissing(output)) && ci) count.failed++;
    await installPackages(run);
    if (run.filters.length === 0) count = addCounts(count, await runGates(run));
    const tests = await runVitest(run);
    count = addCounts(count, tests);
    skips = tests.skips;
  } catch (error) {
    // The runner's own crash is a failure like any other, and must not go without the line.
    output.err(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
    count.failed++;
  }
  if (skips.length > 0) {
    output.out(`${ci ? "Nothing may be skipped on CI" : "Skipped"}:\n`);
    for (const name of skips) output.out(`  ${name}\n`);
  }
  output.out(`${closingLine(count)}\n`);
  return count.failed > 0 || (ci && count.skipped > 0) ? 1 : 0;
}

/** Resolves to whether nothing is missing, or could be installed. */
async function installMissing(output: Output): Promise<boolean> {
  const missing = Object.keys(NEEDS).filter((name) => !isCommand(name));
  const plan = installPlan(missing, {
    root: Deno.uid() === 0,
    apt: isCommand("apt-get"),
  });
  if (plan.notice) output.out(`lab: ${plan.notice}\n`);
  for (const [command = "", ...args] of plan.commands) {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args,
      stdin: "null",
      env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    }).output();
    if (success) continue;
    const decoder = new TextDecoder();
    output.out(decoder.decode(stdout) + decoder.decode(stderr));
    output.out(`lab: see above why this failed: ${command} ${args.join(" ")}\n`);
    return false;
  }
  return missing.length === 0 || plan.commands.length > 0;
}

/** npm packages at the versions of deno.lock; a moment where they are there already. */
async function installPackages({ root }: TestRun): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--frozen", "--quiet"],
    cwd: root,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  if (success) return;
  const text = new TextDecoder().decode(stderr).trim();
  throw new Error(`Go online, or see to deno.lock: the tests' packages did not install: ${text}`);
}

async function runGates({ output, root }: TestRun): Promise<Count> {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  const told = (result: GateResult) => {
    const { name, passed, text, seconds } = result;
    if (!passed) output.out(text);
    const mark = passed ? output.style.green("ok") : output.style.red("FAILED");
    output.out(`${mark} ${name} (${seconds.toFixed(1)} s)\n`);
    if (passed) count.passed++;
    else count.failed++;
  };
  // At once, but told in their order.
  for (const running of GATES.map((gate) => runGate(gate, root))) told(await running);
  return count;
}

async function runVitest(
  { soak, filters, output, root }: TestRun,
): Promise<ReturnType<typeof countReport>> {
  // Beside the artifacts of runs, where a user may look at it.
  const report = `${root}/out/tests.json`;
  Deno.mkdirSync(`${root}/out`, { recursive: true });
  try {
    Deno.removeSync(report);
  } catch {
    // The first run.
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "npm:vitest", "run", ...filters],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    ],
    cwd: root,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    env: soak ? { LAB_SOAK: "1" } : {},
  }).spawn().status;
  let json: string | null = null;
  try {
    json = Deno.readTextFileSync(report);
  } catch {
    output.err(`lab: vitest ended with status ${code} and no report\n`);
  }
  return countReport(json, code);
}

function isCommand(name: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return [...folders, "/usr/sbin", "/sbin"].some((folder) => {
    try {
      const { isFile, mode } = Deno.statSync(`${folder}/${name}`);
      return isFile && ((mode ?? 0) & 0o111) !== 0;
    } catch {
      return false;
    }
  });
}
