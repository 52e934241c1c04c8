/** Returns the lines of a log that GitHub's runner obeys, but those that stop and resume that. */
export function obeyed(log: string): string[] {
  const lines: string[] = [];
  let resumes: string | null = null;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const name = /^\s*::([^\s:]+).*::|##\[([^\s\]]+).*\]/.exec(line)?.slice(1).find(Boolean);
    if (name === undefined) continue;
    if (resumes === null && name !== "stop-commands") lines.push(line);
    else if (resumes === null) resumes = line.split("::").at(-1)!;
    else if (name === resumes) resumes = null;
  }
  if (resumes !== null) throw new Error(`Nothing is obeyed any more, for want of ::${resumes}::`);
  return lines;
}
