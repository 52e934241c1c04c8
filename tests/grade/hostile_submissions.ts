/**
 * Submissions that mean harm: one folder each in `hostile/THREAT/NAME`, with its programs and a `hostile.json` that says
 * what it tries and what it is honestly worth.
 */
import { cpSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { ROOT } from "../cli/lab_stage.ts";

const FOLDER = `${ROOT}/tests/grade/hostile`;

/** What `hostile.json` says. */
export interface Hostile {
  /** `THREAT/NAME`, from its folder. */
  id: string;
  /** Which kind of threat, from 1 to 12: those of its folder's neighbours. */
  threat: number;
  /** What it tries, in one line. */
  tries: string;
  lab: string;
  /** The verdict of each check that it meets. */
  verdicts: Record<string, "pass" | "fail">;
  /** What a check's message has in it. */
  messages?: Record<string, string>;
  /** What is told of its program's end. */
  ended?: Record<string, string>;
  /** What the line has in it with which it is rejected; then it has no verdicts. */
  rejected?: string;
  /** Seconds that each check may take at most. */
  seconds: number;
  /** Whether it is graded in every run of the tests, or with `--soak` alone. */
  sample?: boolean;
  /** The name that its folder is handed in under. Default: its own. */
  name?: string;
  /** A folder of this checkout whose programs it has, too. */
  programs?: string;
  /** What cannot lie in a checkout as it is, by its path: files that tools would read here. */
  files?: Record<string, string>;
  /** Symbolic links, by their paths, and what they lead to. */
  links?: Record<string, string>;
  /** Instead of a folder, it is a gzip file of so many zeros. */
  zeros?: number;
  /** Files that are holes, by their paths, and their lengths. */
  holes?: Record<string, number>;
}

/** All of them. */
export function hostileSubmissions(): Hostile[] {
  return namesIn(FOLDER).flatMap((threat) =>
    namesIn(`${FOLDER}/${threat}`).map((name) => {
      const id = `${threat}/${name}`;
      return { id, ...JSON.parse(Deno.readTextFileSync(`${FOLDER}/${id}/hostile.json`)) };
    })
  );
}

/** Lays one out as it is handed in, in a folder of submissions; returns what it is called there. */
export function layOut({ id, ...hostile }: Hostile, submissions: string): string {
  const name = hostile.name ?? id.split("/")[1]!;
  const folder = `${submissions}/${name}`;
  if (hostile.zeros !== undefined) {
    Deno.writeFileSync(folder, gzipSync(new Uint8Array(hostile.zeros)));
    return name;
  }
  Deno.mkdirSync(folder);
  copyPrograms(`${FOLDER}/${id}`, folder);
  if (hostile.programs !== undefined) copyPrograms(`${ROOT}/${hostile.programs}`, folder);
  for (const [path, text] of Object.entries(hostile.files ?? {})) {
    Deno.mkdirSync(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${folder}/${path}`, text);
  }
  for (const [path, target] of Object.entries(hostile.links ?? {})) {
    Deno.symlinkSync(target, `${folder}/${path}`);
  }
  for (const [path, length] of Object.entries(hostile.holes ?? {})) {
    Deno.writeTextFileSync(`${folder}/${path}`, "");
    Deno.truncateSync(`${folder}/${path}`, length);
  }
  return name;
}

/** Copies programs with what lies beside them, as a student has them. */
export function copyPrograms(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/\/hostile\.json$|\.test\.ts$/.test(path),
  });
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
