/** Why a file cannot be had, in the system's words. */

/** Returns them alone: `Permission denied`, where Deno adds the error's number, its own call and the path. Pure. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/, "");
}
