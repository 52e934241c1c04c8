/** The line by which a container that holds is told what to become. Pure. */

/**
 * What such a container runs first: a shell that reads one line and does what it says. The rest of its standard input
 * is left for the program; where it ends before the line, the container ends.
 */
export const HOLD: readonly string[] = [
  "/bin/sh",
  "-c",
  "nl='\n'\nIFS= read -r line && eval \"$line\"",
];

/** Returns the line, with its end, that makes the shell become the command. */
export function shellLine(
  program: { command: readonly string[]; cwd: string; env: Readonly<Record<string, string>> },
): string {
  const settings = Object.entries(program.env).map(([name, value]) => `${name}=${quoted(value)}`);
  const words = program.command.map(quoted).join(" ");
  const set = settings.length === 0 ? "" : `export ${settings.join(" ")} && `;
  return `cd -- ${quoted(program.cwd)} && ${set}exec ${words}\n`;
}

/** A word as the shell reads it, on one line: an end of line in it is the variable that {@link HOLD} sets. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`).replaceAll("\n", `'"$nl"'`)}'`;
}
