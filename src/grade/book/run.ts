/** A run as the gradebook knows it: one submission, judged once. */
import type { EngineName } from "../../engine/mod.ts";
import type { Ambient } from "../link_run.ts";
import type { Graded } from "../report/mod.ts";
import type { CheckResult, GradeResult } from "../result.ts";

/** What a run was made with; a verdict is comparable with another as far as these are the same. */
export interface RunOrigin {
  /** The id of the lab. */
  lab: string;
  /** Which grading it belongs to. One that is resumed keeps its batch; one that is repeated has a new one. */
  batch: string;
  /** The hash of all that was handed in; null where it could not be read. */
  hash: string | null;
  /** The hash of what the lab grades by, its checks; null where it is not known. */
  lab_hash: string | null;
  /** Of all random inputs, in decimal. */
  seed: string;
  versions: GradeResult["versions"];
  /** Whether all of the lab's checks ran, not only those that `--only` names. */
  whole: boolean;
  /** When it began, RFC 3339. */
  started: string;
  /** The folder with what else is left of it, an absolute path; null where nothing is. */
  artifacts: string | null;
}

/** A run to be entered: its name says who handed it in, and is one of its own within its batch. */
export interface NewRun extends RunOrigin, Graded {}

/** What a check came to, without its feedback. */
export type CheckVerdict = Pick<CheckResult, "id" | "program" | "points" | "score" | "verdict">;

/** A run as the book lists it. */
export interface Run extends RunOrigin {
  /** Its number in the book, from 1. */
  id: number;
  /** The name of what was handed in. */
  submission: string;
  outcome: "graded" | "rejected";
  /** Why it was rejected, in one line; null where it was graded. */
  rejected: string | null;
  /** null where it was rejected, as are all that follow from checks. */
  score: number | null;
  max_score: number | null;
  /** Points of the checks that came to no verdict: neither won nor lost. */
  undecided: number;
  engine: EngineName | null;
  driver: string | null;
  /** The network beneath all checks; null where it was a perfect wire. */
  netem: Ambient | null;
  seconds: number;
  /** In their order; empty where it was rejected. */
  checks: CheckVerdict[];
}
