/** Batches of copies of lab 3's solution, graded by the command line in a folder of their own. */
import type { GradeResult } from "../../../src/grade/mod.ts";
import { findLab } from "../../../src/lab/mod.ts";
import { Counters } from "./counters.ts";
import { engineTimes } from "./engine_time.ts";
import type { MeasuredBatch } from "./figures.ts";
import { machineTime } from "./machine_time.ts";
import { runTimed } from "./run_timed.ts";

const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");

/** A folder for submissions and what comes of them. Disposing removes it. */
export class Lab3Batches implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "socklab-bench-" });

  /** Grades so many submissions. @throws Where one of them does not get all points. */
  async grade(
    engine: "local" | "docker",
    { submissions, jobs }: { submissions: number; jobs: number },
  ): Promise<MeasuredBatch> {
    const handed = this.#hand(submissions);
    const out = `${this.#folder}/batch`;
    const memory: number[] = [];
    const engineTime = new Counters();
    let untold = false;
    const look = (pid: number | null) => {
      const resident = pid === null ? null : residentMemory(pid);
      if (resident !== null) memory.push(resident);
      if (engine === "local") return;
      const times = engineTimes();
      if (times === null) untold = true;
      else engineTime.take(times);
    };
    const args = ["grade", "lab3", handed, "--out", out, "--jobs", `${jobs}`];
    const options = ["--engine", engine, "--trust", "--book", "none"];
    const env = { LAB_RUNTIME_DIR: this.#folder };
    const machineBefore = machineTime();
    const { seconds, time } = await runTimed([`${root}/lab`, ...args, ...options], { env, look });
    const machine = machineTime() - machineBefore;
    const results = resultsIn(out);
    Deno.removeSync(out, { recursive: true });
    Deno.removeSync(handed, { recursive: true });
    if (results.length !== submissions) throw new Error(`Only ${results.length} results`);
    return {
      ...{ jobs, results, seconds, memory, ownTime: time, machineTime: machine },
      engineTime: untold ? null : engineTime.grown,
    };
  }

  #hand(submissions: number): string {
    const { folder } = findLab(root, "lab3");
    const handed = `${this.#folder}/submissions`;
    for (let number = 1; number <= submissions; number++) {
      const own = `${handed}/student-${String(number).padStart(3, "0")}`;
      Deno.mkdirSync(own, { recursive: true });
      for (const file of ["server.ts", "client.ts"]) {
        Deno.copyFileSync(`${folder}/solution/${file}`, `${own}/${file}`);
      }
    }
    return handed;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** The results of a batch. @throws Where one has lost points. */
function resultsIn(out: string): GradeResult[] {
  return [...Deno.readDirSync(`${out}/submissions`)].map(({ name }) => {
    const path = `${out}/submissions/${name}/result.json`;
    const result = JSON.parse(Deno.readTextFileSync(path)) as GradeResult;
    if (result.score === result.max_score) return result;
    throw new Error(`${name} has ${result.score} of ${result.max_score} points`);
  });
}

/** Resident bytes of a process; null where it has ended. */
function residentMemory(pid: number): number | null {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)![1]) * 1024;
  } catch {
    return null;
  }
}
