/** Why a file cannot be had, in the system's words. */

/** Returns them alone: `Permission denied`, without the error's number or name, the call and the path. Pure. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const own = message.replace(/ \(os error \d+\).*$/, "");
  // As node:fs has it: `EACCES: permission denied, open '/x'`.
  const [, first, rest] = /^E[A-Z0-9]+: (.)(.*?), \w+(?: '.*)?$/s.exec(own) ?? [];
  return first === undefined ? own : `${first.toUpperCase()}${rest}`;
}
