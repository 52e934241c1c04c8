/** The command line that repeats a run: what its user said, and the seed that was drawn for it. */
import type { LinkPlan } from "./link_options.ts";
import type { RunValues } from "./run_settle.ts";

/** Options that are repeated as they were given. */
const repeated = [
  "engine",
  "driver",
  "netem",
  "up",
  "down",
  "script",
  "program",
  "count",
  "interval",
  "size",
  "swarm",
  "clients",
  "server",
  "client",
  "input",
  "out",
] as const;
const defaults: Partial<Record<string, unknown>> = { driver: "auto", clients: 1 };

/**
 * Returns the command line, quoted for a POSIX shell; for the folder that we are in, as paths in it are.
 *
 * @param root The checkout.
 */
export function repeatCommand(
  root: string,
  lab: string,
  values: RunValues,
  link: LinkPlan,
): string {
  const words = [commandTyped(root), "run", lab];
  for (const name of repeated) {
    const value = values[name];
    if (value !== undefined && value !== defaults[name]) words.push(`--${name}`, String(value));
  }
  // Where each direction has its own written with it, a third says nothing.
  const written = [values.up, values.down].every((profile) => /\bseed\b/.test(profile ?? ""));
  if (link.seed !== "" && !written) words.push("--seed", link.seed);
  return words.map(quote).join(" ");
}

/** The command as its user can type it here: a student's own `lab` says how it was called. */
export function commandTyped(root: string): string {
  return Deno.env.get("LAB_COMMAND") || (Deno.cwd() === root ? "./lab" : `${root}/lab`);
}

/** Returns a word as a POSIX shell reads it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
