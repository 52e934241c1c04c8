/**
 * What tells a run as it goes and what it came to, whichever transport it is about.
 */
import type { LinkEvent } from "../packet/mod.ts";

/** How wide a picture may be, and whether in colour. */
export interface PictureOptions {
  /** Columns. */
  width: number;
  /** With ANSI codes. */
  colour: boolean;
}

/** A picture with what it shows, in one line. */
export interface Picture {
  title: string;
  lines: string[];
}

/** Tells a run out of the link's events. */
export interface Teller {
  /** Takes the next event; returns the lines to say, without their ends. */
  push(event: LinkEvent): string[];
  /** Whether all that was begun has come to its end, so that no more packets are due. */
  readonly over: boolean;
  /** The lines at the run's end that count everything. */
  statistics(): string[];
  /** What is worth a picture because it went wrong; null where nothing did. */
  firstWrong(options: PictureOptions): Picture | null;
}
