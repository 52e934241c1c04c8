/** Readers of documents that nobody here wrote: what they make of one that we write. */

/**
 * Resolves to what a command prints that reads a document; skips the test where there is no such command.
 *
 * @throws Where it does not take the document, with what it says.
 */
export async function read(
  context: { skip: (why: string) => void },
  [command = "", ...args]: readonly string[],
  document: string,
): Promise<string> {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, { args, ...piped }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) context.skip(`no ${command} here`);
    throw error;
  }
  const writer = child.stdin.getWriter();
  // It may refuse before it has read all.
  void writer.write(new TextEncoder().encode(document)).then(() => writer.close()).catch(() => {});
  const { success, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${command}: ${text(stderr)}`);
  return text(stdout);
}
