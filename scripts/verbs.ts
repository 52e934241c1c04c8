/** The verbs of `lab`, in the order that help lists them, each loaded only when it is used. */
import type { Verb } from "./verb.ts";

/** Every verb's name; its file is `scripts/NAME.ts`, with `_` for each `-`. */
export const VERBS = [
  "run",
  "up",
  "down",
  "netem",
  "shell",
  "logs",
  "check",
  "grade",
  "grades",
  "fate",
  "list",
  "new",
  "new-lab",
  "doctor",
  "images",
  "test",
  "completion",
] as const;

/** Loads a verb; undefined where its file is not part of this checkout. Rejects if it cannot load. */
export async function loadVerb(name: string): Promise<Verb | undefined> {
  if (!(VERBS as readonly string[]).includes(name)) return undefined;
  const url = new URL(`./${name.replaceAll("-", "_")}.ts`, import.meta.url);
  try {
    // Not a literal, so that one verb's missing or faulty file does not stop the others.
    return ((await import(url.href)) as { verb: Verb }).verb;
  } catch (error) {
    try {
      Deno.statSync(url);
    } catch {
      return undefined;
    }
    throw error;
  }
}

/** Loads every verb there is, with the reason for each that cannot be loaded. */
export async function loadAllVerbs(): Promise<
  { verbs: Verb[]; unusable: { name: string; reason: string }[] }
> {
  const verbs: Verb[] = [];
  const unusable: { name: string; reason: string }[] = [];
  for (const name of VERBS) {
    try {
      const verb = await loadVerb(name);
      if (verb) verbs.push(verb);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      unusable.push({ name, reason: reason.split("\n")[0] ?? reason });
    }
  }
  return { verbs, unusable };
}
