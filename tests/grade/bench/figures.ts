/** What is told of a batch, from what was measured. Pure. */
import type { GradeResult } from "../../../src/grade/mod.ts";

/** A batch as it was measured. */
export interface MeasuredBatch {
  jobs: number;
  results: readonly Pick<GradeResult, "checks" | "seconds">[];
  /** From the command to its end. */
  seconds: number;
  /** Processor seconds of the tool and all that it has started. */
  ownTime: number;
  /** Those of the engine and its containers; 0 where there is none, null where nobody knows. */
  engineTime: number | null;
  /** Those of the whole machine. */
  machineTime: number;
  /** Resident bytes of the tool, at even intervals. */
  memory: readonly number[];
}

/** What one submission takes at least. */
export interface Least {
  /** Seconds of its checks, with nobody else there. */
  waits: number;
  /** How many of them run at a time. */
  lanes: number;
  /** Processor seconds of its programs' bare starts. */
  starts: number;
}

/** Figures of a batch. */
export interface BatchFigures {
  /** Submissions a minute. */
  perMinute: number;
  /** Processor seconds of a submission. */
  own: number;
  engine: number | null;
  /** What the machine did meanwhile: more where others were at work, too. */
  machine: number;
  /** Tool and engine, as a multiple of its programs' bare starts. */
  ratio: number | null;
  /** Submissions a minute that two processors can do at best. */
  onTwo: number | null;
  /** Of the time that there was for checks, what they would not have taken alone: 0 to 1. */
  outside: number;
  /** The tool's memory, in bytes: the most, and how much more it is in the last third than in the first. */
  most: number;
  growth: number;
}

/** Returns the figures of a batch. */
export function figuresOf(batch: MeasuredBatch, least: Least): BatchFigures {
  const { jobs, results: { length }, seconds, ownTime, engineTime, memory } = batch;
  const own = ownTime / length;
  const engine = engineTime === null ? null : engineTime / length;
  const whole = engine === null ? null : own + engine;
  return {
    perMinute: 60 * length / seconds,
    ...{ own, engine, machine: batch.machineTime / length },
    ratio: whole === null ? null : whole / least.starts,
    onTwo: whole === null ? null : 120 / whole,
    outside: 1 - length * least.waits / (jobs * least.lanes * seconds),
    most: Math.max(0, ...memory),
    growth: growthOf(memory),
  };
}

/** Returns how much more the mean of the last third is than that of the first. */
export function growthOf(values: readonly number[]): number {
  const third = Math.floor(values.length / 3);
  return third === 0 ? 0 : mean(values.slice(-third)) - mean(values.slice(0, third));
}

/** Returns the seconds that the checks of a result have taken. */
export function checksTime({ checks }: Pick<GradeResult, "checks">): number {
  return checks.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Returns how many checks of a result ran at a time: each has had some of the time between checks, too. */
export function lanesIn(result: Pick<GradeResult, "checks" | "seconds">): number {
  return Math.ceil(checksTime(result) / result.seconds);
}

/** Returns how many programs the checks of a result have started, as its steps tell. */
export function startsIn({ checks }: Pick<GradeResult, "checks">): number {
  const steps = checks.flatMap((check) => check.steps);
  return steps.filter(({ what }) => /^(the (server|client) starts\b|started with )/.test(what))
    .length;
}

/** Returns the processor seconds of a shell's children, by what its `times` prints. */
export function parseTimes(text: string): number {
  const line = text.trim().split("\n").at(-1) ?? "";
  const [user, system] = [...line.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, seconds]) =>
    60 * Number(minutes) + Number(seconds)
  );
  if (user === undefined || system === undefined) throw new Error(`No times of a shell: ${line}`);
  return user + system;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
