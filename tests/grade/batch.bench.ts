/**
 * Batches of lab 3's solution with all its checks, on each engine and with more and more jobs: submissions a minute, the
 * processor time of each beside that of its programs' bare starts, the time outside of what its checks take alone, and
 * the tool's memory.
 *
 * The tool and what it starts get two processors; containers run where their engine lets them, so that on Docker what
 * two processors can do is told by the time that a submission takes of them. The whole machine's time tells whether it
 * was quiet: it has little more than tool and engine then, most of that for runc.
 *
 * `LAB_BENCH_SUBMISSIONS=8 LAB_BENCH_JOBS=2,8 LAB_BENCH_ENGINES=local` make it shorter.
 */
import { availableParallelism } from "node:os";
import { type EngineName, probeMachine } from "../../src/engine/mod.ts";
import { type BatchFigures, checksTime, figuresOf, lanesIn, startsIn } from "./bench/figures.ts";
import { Lab3Batches } from "./bench/lab3_batch.ts";
import { limited, runTimed } from "./bench/run_timed.ts";

const submissions = Number(Deno.env.get("LAB_BENCH_SUBMISSIONS") ?? 60);
const jobs = (Deno.env.get("LAB_BENCH_JOBS") ?? "1,2,4,8").split(",").map(Number);
const engines = (Deno.env.get("LAB_BENCH_ENGINES") ?? "local,docker").split(",") as EngineName[];
/** Submissions a minute on two processors. */
const wanted = { local: 120, docker: 40 };
/** Bare starts of a program in a row. */
const bareStarts = 40;

const hello = decodeURIComponent(new URL("../cli/hello.ts", import.meta.url).pathname);

/** Processor seconds of a Deno program that says hello. */
async function bareStart(): Promise<number> {
  const command = [Deno.execPath(), "run", "--no-config", hello];
  const loop = `for n in $(seq ${bareStarts}); do "$@" || exit; done`;
  await runTimed(command);
  return (await runTimed(["sh", "-c", loop, "sh", ...command])).time / bareStarts;
}

async function bench(engine: EngineName, batches: Lab3Batches): Promise<void> {
  // The first one finds nothing in the machine's memory.
  await batches.grade(engine, { submissions: 1, jobs: 1 });
  const { results: [alone] } = await batches.grade(engine, { submissions: 1, jobs: 1 });
  const { length: checks } = alone!.checks;
  const programs = startsIn(alone!), lanes = lanesIn(alone!), waits = checksTime(alone!);
  const starts = programs * await bareStart();
  const goal = `wanted on two processors: ${wanted[engine]} a minute`;
  console.log(`\nOn the ${engine} engine, ${submissions} submissions, ${goal}`);
  console.log(`  one alone: ${checks} checks take ${waits.toFixed(1)} s, ${lanes} at a time`);
  console.log(`  bare starts of its ${programs} programs: ${starts.toFixed(2)} s of a processor`);
  console.log(`  ${TITLES.join("  ")}`);
  for (const number of jobs) {
    const batch = await batches.grade(engine, { submissions, jobs: number });
    console.log(`  ${row(number, figuresOf(batch, { waits, lanes, starts })).join("  ")}`);
  }
}

const TITLES = [
  "jobs",
  "a minute",
  "processor s each: tool",
  "engine",
  "whole machine",
  "x bare starts",
  "two processors: a minute",
  "outside waits",
  "memory MB, growth",
];

function row(jobs: number, figures: BatchFigures): string[] {
  const { perMinute, own, engine, machine, ratio, onTwo, outside, most, growth } = figures;
  const told = (value: number | null, digits: number) => value?.toFixed(digits) ?? "?";
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  const cells = [
    ...[`${jobs}`, told(perMinute, 1), told(own, 2), told(engine, 2)],
    ...[told(machine, 2), told(ratio, 1), told(onTwo, 0), `${told(100 * outside, 0)} %`],
    `${megabytes(most)}, ${growth < 0 ? "" : "+"}${megabytes(growth)}`,
  ];
  return cells.map((cell, column) => cell.padStart(TITLES[column]!.length));
}

const { docker } = await probeMachine();
const processors = limited ? 2 : availableParallelism();
console.log(
  `Grading lab 3's solution, all checks; the tool and what it starts have ${processors} processors`,
);
if (limited && engines.includes("docker")) {
  console.log(`(Containers and their engine have all ${availableParallelism()})`);
}
using batches = new Lab3Batches();
for (const engine of engines) {
  if (engine === "local" || docker.version !== null) await bench(engine, batches);
  else console.log("\nOn the docker engine: not measured, none answers here");
}
