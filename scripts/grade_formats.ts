/** Which documents `lab grade` is to write, and what they may show. */
import {
  type BatchFormat,
  type Check,
  type FormatName,
  FORMATS,
  parsePolicy,
  type Policy,
  type SubmissionFormat,
} from "../src/grade/mod.ts";
import { reasonOf } from "../src/lab/mod.ts";
import { UsageError } from "./verb.ts";

/** Returns the formats, each once. @throws {UsageError} Where the environment lacks what one of them cannot do without. */
export function formatsOf(names: readonly string[]): FormatName[] {
  const formats = [...new Set(names)] as FormatName[];
  for (const name of formats) {
    const format: BatchFormat | SubmissionFormat = FORMATS[name];
    const needs = format.of === "submission" ? format.needs ?? [] : [];
    const missing = needs.filter((variable) => !Deno.env.get(variable));
    if (missing.length === 0) continue;
    throw new UsageError(
      `Set ${missing.join(", ")}, or leave out --format ${name}: it cannot do without them`,
    );
  }
  return formats;
}

/**
 * Returns the policy in a file.
 *
 * @param checks Those of the lab.
 * @throws {UsageError | PolicyError} Where it cannot be read, or is none.
 */
export function readPolicy(path: string, checks: readonly Check[]): Policy {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new UsageError(`Give --policy a file that can be read, not ${path}: ${reasonOf(error)}`);
  }
  return parsePolicy(text, path, checks.map(({ id }) => id));
}
