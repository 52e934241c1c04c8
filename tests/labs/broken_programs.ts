/** The wrong programs that a lab keeps: what is wrong, which checks they fail, and the feedback on record. */
import type { Check } from "../../src/grade/mod.ts";
import type { Lab } from "../../src/lab/mod.ts";

/** The content of a `broken.json`. */
export interface BrokenRecord {
  /** What is wrong, in one line. */
  mistake: string;
  /** By the ids of the checks that fail, the feedback. */
  fails: Record<string, string[]>;
  /** Those of them whose bytes and figures are others in each run: of their feedback, only steps and hint are compared. */
  varies?: string[];
}

/** A wrong program of a lab. */
export interface BrokenProgram {
  name: string;
  folder: string;
  /** The files that are wrong; all others are the solution's. */
  files: string[];
}

/** Returns a lab's wrong programs, by name. */
export function brokenPrograms(lab: Lab): BrokenProgram[] {
  let names: string[];
  try {
    names = [...Deno.readDirSync(`${lab.folder}/broken`)].filter((entry) => entry.isDirectory)
      .map(({ name }) => name).sort();
  } catch {
    return []; // None yet.
  }
  return names.map((name) => {
    const folder = `${lab.folder}/broken/${name}`;
    const files = filesIn(folder).filter((file) => file !== "broken.json");
    return { name, folder, files };
  });
}

/** Reads what is on record of a wrong program. */
export function readRecord({ folder }: BrokenProgram): BrokenRecord {
  return JSON.parse(Deno.readTextFileSync(`${folder}/broken.json`)) as BrokenRecord;
}

/**
 * Returns feedback as far as it is the same in every run: all of it, or its steps and hint, where the check varies or
 * `terse` says so.
 */
export function comparable(
  fails: BrokenRecord["fails"],
  { varies = [] }: Pick<BrokenRecord, "varies">,
  terse: boolean,
): BrokenRecord["fails"] {
  return Object.fromEntries(
    Object.entries(fails).map(([id, lines]) => [
      id,
      terse || varies.includes(id) ? lines.filter((line) => /^(?:[✓✗]|Hint:) /.test(line)) : lines,
    ]),
  );
}

/** Writes it, as `deno fmt` would. */
export function writeRecord({ folder }: BrokenProgram, record: BrokenRecord): void {
  Deno.writeTextFileSync(`${folder}/broken.json`, `${JSON.stringify(record, null, 2)}\n`);
}

/** Puts the solution with the wrong files in its place into a folder. */
export function assemble(lab: Lab, broken: BrokenProgram, target: string): void {
  for (const folder of [`${lab.folder}/solution`, broken.folder]) {
    for (const file of filesIn(folder)) Deno.copyFileSync(`${folder}/${file}`, `${target}/${file}`);
  }
}

/**
 * The checks that a wrong program may change: those of the programs that are wrong, whatever files lie beside them; all
 * where only such a file is wrong.
 */
export function concerned(checks: readonly Check[], { files }: BrokenProgram): readonly Check[] {
  const stems = files.map((file) => file.replace(/\.[^.]+$/, ""));
  const wrong = checks.filter(({ program }) => stems.includes(program));
  return wrong.length === 0 ? checks : wrong;
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter((entry) => entry.isFile)
    .map(({ name }) => name).filter((name) => !/\.test\.ts$/.test(name)).sort();
}
