/** What of a result its student may see: an instructor's choice, for each check or for all. Pure. */
import { nearest } from "../../lab/mod.ts";
import { oneLine } from "../printable.ts";
import { PolicyError } from "./policy_error.ts";

/**
 * How much of a check is shown.
 *
 * - `full`: all of it
 * - `brief`: title, verdict and hint; nothing that a run brought about, for any of that may show what was expected
 * - `hidden`: that there is such a check, for how many points and with which verdict
 */
export type Show = "full" | "brief" | "hidden";

const SHOWS: readonly Show[] = ["full", "brief", "hidden"];

/** What an instructor chose. `policy.schema.json` describes the file. */
export interface Policy {
  /** For all checks that are not named. */
  show: Show;
  /** By a check's id. */
  checks: Readonly<Record<string, Show>>;
}

/** Everything is shown. */
export const OPEN: Policy = { show: "full", checks: {} };

/**
 * Reads a policy.
 *
 * @param file Its name, for messages.
 * @param ids The lab's checks.
 * @throws {PolicyError} Naming the file, the place and what belongs there.
 */
export function parsePolicy(text: string, file: string, ids: readonly string[]): Policy {
  const fault = (what: string) => new PolicyError(`${what} in ${oneLine(file)}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PolicyError(`Write valid JSON in ${oneLine(file)}: ${oneLine(String(cause))}`);
  }
  const isObject = (one: unknown): one is Record<string, unknown> =>
    typeof one === "object" && one !== null && !Array.isArray(one);
  if (!isObject(value)) throw fault('Write an object, {"show": "brief"},');
  const { $schema: _, show = "full", checks = {}, ...rest } = value;
  const [strange] = Object.keys(rest);
  if (strange !== undefined) {
    throw fault(`Use the names show and checks, not ${quoted(strange)},`);
  }
  if (!isShow(show)) throw fault(`Give show one of ${SHOWS.join(", ")}, not ${quoted(show)},`);
  if (!isObject(checks)) throw fault('Give checks an object, {"some-check": "hidden"},');
  const own = Object.entries(checks).map(([id, one]) => {
    if (!ids.includes(id)) {
      const near = nearest(id, ids);
      const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
      throw fault(`Name checks of the lab, not ${quoted(id)}${meant},`);
    }
    if (isShow(one)) return [id, one] as const;
    throw fault(`Give ${id} one of ${SHOWS.join(", ")}, not ${quoted(one)},`);
  });
  return { show, checks: Object.fromEntries(own) };
}

function isShow(value: unknown): value is Show {
  return SHOWS.includes(value as Show);
}

/** A value on one line, not endless. */
function quoted(value: unknown): string {
  const text = oneLine(JSON.stringify(value) ?? "nothing");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
