/** How far a batch is, as lines. Pure. */
import { batchStatus, type Ended, type JournalEntry, shown } from "../src/grade/mod.ts";
import { secondsLeft } from "./check_report.ts";

/** Submissions under way that are shown, at most. */
const SHOWN = 8;

/** Where a submission is. */
interface Place {
  /** The check that runs, from 1; 0 before the first. */
  number: number;
  /** How many it has. */
  checks: number;
  /** The title of the one that runs. */
  title: string;
}

/** What a batch is of. */
export interface ProgressOptions {
  /** How many submissions there are. */
  submissions: number;
  /** How many checks are still to be run, of all submissions. */
  checks: number;
}

/** Counts what has ended and what is under way. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #underWay = new Map<JournalEntry, Place>();
  #ended = 0;
  #checks = 0;
  readonly #counts = { lost: 0, rejected: 0, open: 0 };

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** A submission begins, with so many checks to come. */
  begin(entry: JournalEntry, checks: number): void {
    this.#underWay.set(entry, { number: 0, checks, title: "" });
  }

  /** One of its checks begins; `index` counts from 0. */
  check(entry: JournalEntry, { title }: { title: string }, index: number): void {
    const place = this.#underWay.get(entry);
    if (place !== undefined) Object.assign(place, { number: index + 1, title });
  }

  /** A check has ended. */
  result(): void {
    this.#checks++;
  }

  /** A submission has ended. */
  end(ended: Ended): void {
    this.#underWay.delete(ended.entry);
    this.#ended++;
    const status = batchStatus([ended]);
    if (status === 1) this.#counts.lost++;
    if (status === 2) this.#counts.rejected++;
    if (status === 3) this.#counts.open++;
  }

  /** How many have ended. */
  get ended(): number {
    return this.#ended;
  }

  /** `12/60`. */
  get count(): string {
    return `${this.#ended}/${this.#options.submissions}`;
  }

  /** Returns how far it is, after so many milliseconds: a line in all, and one for each submission under way. */
  lines(spentMs: number): string[] {
    const { lost, rejected, open } = this.#counts;
    const { checks } = this.#options;
    const left = secondsLeft(spentMs, Math.min(this.#checks, checks), checks);
    const parts = [
      `${this.count} done`,
      ...lost > 0 ? [`${lost} with points lost`] : [],
      ...rejected > 0 ? [`${rejected} rejected`] : [],
      ...open > 0 ? [`${open} not judged`] : [],
      ...left === null ? [] : [`about ${durationText(left)} left`],
    ];
    const all = [...this.#underWay].map(([{ name }, { number, checks, title }]) =>
      `  ${shown(name)}  ${number}/${checks}  ${title}`.trimEnd()
    );
    const more = all.length - SHOWN;
    return [parts.join(", "), ...all.slice(0, SHOWN), ...more > 0 ? [`  and ${more} more`] : []];
  }
}

/** `40 s`, `3 min`. */
function durationText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
