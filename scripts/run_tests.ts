/** The work of `lab test`: install, gates, Vitest, one closing line whatever happens. */
import { type Gate, type GateResult, GATES, IMAGES, RIG, RIG_IMAGES, runGate } from "./gates.ts";
import { addCounts, closingLine, type Count, countReport } from "./test_count.ts";
import { Interrupt } from "./interrupt.ts";
import { sourceFiles } from "./source_files.ts";
import { engineAnswers, startEngine } from "./test_containers.ts";
import { needsEngine } from "./test_docker_needs.ts";
import { needsRig, rigLacks } from "./test_rig_needs.ts";
import { findCommand } from "./quiet_command.ts";
import { installMissing } from "./test_install.ts";
import type { Output } from "./verb.ts";

/** What to test. */
export interface TestRun {
  /** Run long repetitions: tests see LAB_SOAK=1, those of a run of all without it LAB_SHORT=1. */
  soak: boolean;
  /** Parts of test files' paths; empty for all, with the gates. */
  filters: readonly string[];
  output: Output;
  root: string;
}

/** Runs it all and prints the closing line; resolves to 0 if everything passed, else 1; 130 if interrupted. */
export async function runTests(run: TestRun): Promise<number> {
  const { output } = run;
  const ci = !["", "0", "false"].includes(Deno.env.get("CI") ?? "");
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  let count: Count = { passed: 0, failed: 0, skipped: 0 };
  let skips: string[] = [];
  try {
    const testFiles = sourceFiles(run.root).filter((path) => path.endsWith(".test.ts"));
    const inContainers = needsEngine(testFiles, run.filters);
    const onRig = needsRig(testFiles, run.filters);
    const answers = inContainers ? await engineAnswers() : undefined;
    if (!(await installMissing({ output, engineAnswers: answers, rig: onRig })) && ci) {
      count.failed++;
    }
    await installPackages(run);
    signal.throwIfAborted();
    await using _engine = inContainers ? await startEngine({ ...run, signal }) : undefined;
    if (inContainers && ci && !(await engineAnswers())) count.failed++;
    const { gates, rig } = await runGates(run, { inContainers, onRig, ci });
    count = addCounts(count, gates);
    signal.throwIfAborted();
    // Meanwhile: the tests on the rig come last, and wait for it.
    const loading = rig ? runGate(RIG_IMAGES, run.root) : null;
    const tests = await runVitest(run, signal).finally(() => loading);
    if (loading !== null) count = addCounts(count, toldGate(await loading, output));
    count = addCounts(count, tests);
    skips = tests.skips;
  } catch (error) {
    if (signal.aborted) return 130;
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

/** What must pass before the tests: at once, but told in order. Tells whether there is a rig. */
async function runGates(
  { filters, output, root }: TestRun,
  { inContainers, onRig, ci }: { inContainers: boolean; onRig: boolean; ci: boolean },
): Promise<{ gates: Count; rig: boolean }> {
  const start = (gate: Gate) => runGate(gate, root);
  // Where it cannot be had, the tests say themselves why they are skipped.
  const wantsRig = onRig && (ci || rigLacks((name) => findCommand(name) !== null).length === 0);
  if (wantsRig) {
    output.out("lab: making the virtual machine of the tests, where it is not there yet\n");
  }
  const images = inContainers && await engineAnswers() ? start(IMAGES) : null;
  const rig = wantsRig ? start(RIG) : null;
  const others = filters.length === 0 ? GATES.map(start) : [];
  let gates: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const running of [images, rig, ...others].filter((gate) => gate !== null)) {
    gates = addCounts(gates, toldGate(await running, output));
  }
  return { gates, rig: (await rig)?.passed ?? false };
}

function toldGate({ name, passed, text, seconds }: GateResult, output: Output): Count {
  if (!passed) output.out(text);
  const mark = passed ? output.style.green("ok") : output.style.red("FAILED");
  output.out(`${mark} ${name} (${seconds.toFixed(1)} s)\n`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

async function runVitest(
  { soak, filters, output, root }: TestRun,
  signal: AbortSignal,
): Promise<ReturnType<typeof countReport>> {
  // Beside the artifacts of runs, where a user may look at it.
  const report = `${root}/out/tests.json`;
  Deno.mkdirSync(`${root}/out`, { recursive: true });
  try {
    Deno.removeSync(report);
  } catch {
    // The first run.
  }
  const vitest = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "npm:vitest", "run", ...filters],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    ],
    cwd: root,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    env: soak ? { LAB_SOAK: "1" } : filters.length === 0 ? { LAB_SHORT: "1" } : {},
  }).spawn();
  // Waited for: a Docker engine of ours ends after the tests in it.
  const stop = () => vitest.kill("SIGINT");
  signal.addEventListener("abort", stop);
  const { code } = await vitest.status;
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  let json: string | null = null;
  try {
    json = Deno.readTextFileSync(report);
  } catch {
    output.err(`lab: vitest ended with status ${code} and no report\n`);
  }
  return countReport(json, code);
}
