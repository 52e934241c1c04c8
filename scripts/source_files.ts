/** The checkout's own files, for the checkers. */

/** Folders of what is fetched, made or kept by git. */
export const FOREIGN = new Set(["node_modules", "out", ".git", ".socklab"]);

/** Returns the paths of the checkout's files, relative to `root`, sorted; links are not followed. */
export function sourceFiles(root: string, folder = ""): string[] {
  const paths: string[] = [];
  for (const entry of Deno.readDirSync(`${root}/${folder}`)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory && !FOREIGN.has(entry.name)) paths.push(...sourceFiles(root, path));
    else if (entry.isFile) paths.push(path);
  }
  return paths.sort();
}

/** Something that a checker objects to: where, and what to do. */
export interface Problem {
  path: string;
  /** From 1. */
  line: number;
  message: string;
}

/** Prints problems as `path:line: message` and ends the process: 1 if there are any, else 0. */
export function reportProblems(problems: readonly Problem[], checked: string): never {
  for (const { path, line, message } of problems) console.error(`${path}:${line}: ${message}`);
  if (problems.length === 0) console.log(`Checked ${checked}`);
  Deno.exit(problems.length > 0 ? 1 : 0);
}

/** Returns the line, from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
