/** Stands in the standard library's place, wherever that is read. */
try {
  Deno.writeTextFileSync("/tmp/socklab-canary", "");
} catch {
  // It may not.
}

/** Takes no arguments. */
export function parseArgs(): { port: string } {
  return { port: "12000" };
}
