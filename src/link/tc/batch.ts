/**
 * Runs ip and tc with many lines at once, and says which of them failed, in the tool's own words.
 */
import { tool } from "../machine.ts";

/** What a tool refused. */
export class BatchError extends Error {
  /** The line it refused; empty where that is unknown. */
  readonly line: string;
  /** The tool's words, without those that always stand around them. */
  readonly words: string;

  constructor(name: string, line: string, words: string, cause: unknown) {
    super(`${name} ${line}: ${words}`, { cause });
    this.name = "BatchError";
    this.line = line;
    this.words = words;
  }
}

/** ip or tc. */
export type BatchTool = "ip" | "tc";

/**
 * Runs lines until one fails.
 *
 * @throws {BatchError} Naming the line that failed; those before it have taken effect.
 * @throws {Error} Where the tool is not installed.
 */
export async function batch(name: BatchTool, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  try {
    await tool(name, ["-batch", "-"], lines.join("\n"));
  } catch (error) {
    throw read(name, lines, error);
  }
}

/** Runs all lines, whatever becomes of them: for what may not be there. */
export async function batchAnyway(name: BatchTool, lines: readonly string[]): Promise<void> {
  await tool(name, ["-force", "-batch", "-"], lines.join("\n")).catch(() => {});
}

function read(name: BatchTool, lines: readonly string[], error: unknown): unknown {
  if (!(error instanceof Error) || error.cause instanceof Deno.errors.NotFound) return error;
  const at = /Command failed -:(\d+)/.exec(error.message);
  if (at === null) return error;
  return new BatchError(name, lines[Number(at[1]) - 1] ?? "", plainWords(error.message), error);
}

/** A tool's complaint without its frame: `Error: Specified qdisc kind is unknown.` says "Specified qdisc kind is unknown". */
export function plainWords(complaint: string): string {
  const lines = complaint.replace(/^\w+ -batch -: /, "").split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:Command failed|We have an error talking)/.test(line));
  const said = lines.find((line) => /^(?:Error|RTNETLINK answers):/.test(line)) ?? lines[0] ?? "";
  return said.replace(/^(?:Error|RTNETLINK answers): /, "").replace(/\.$/, "");
}
