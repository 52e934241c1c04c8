/** Docker's command line, for what tests look at or make by hand. */

/**
 * Runs `docker ARGS`; resolves to its standard output, trimmed.
 *
 * @throws {Error} With what it wrote, if it failed.
 */
export async function docker(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("docker", { args, stdin: "null" })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`docker ${args.join(" ")}: ${text(stderr) || text(stdout)}`);
  return text(stdout);
}

/** Returns the lines of `docker ARGS`, sorted. */
export async function dockerLines(...args: string[]): Promise<string[]> {
  return (await docker(...args)).split("\n").filter(Boolean).sort();
}

/** Returns what the engine holds with a label: `container 5f2c`, `network …`, `volume …`, `image …`. */
export async function labelled(label: string): Promise<string[]> {
  const filter = ["--filter", `label=${label}`, "--quiet"];
  const found = await Promise.all([
    ["container", "ls", "--all", ...filter],
    ["network", "ls", ...filter],
    ["volume", "ls", ...filter],
    ["image", "ls", ...filter],
  ].map(async (args) => (await dockerLines(...args)).map((id) => `${args[0]} ${id}`)));
  return [...new Set(found.flat())];
}
