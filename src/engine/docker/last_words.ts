/** What a process of ours says on standard error, of which the last is why it ended. */

/** Most characters that are kept. */
const WORDS = 8192;

/** Reads a stream to its end and returns its last words; each line is told as it comes. */
export async function readWords(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  const decoder = new TextDecoder();
  let all = "", line = "";
  for await (const piece of stream) {
    const text = decoder.decode(piece, { stream: true });
    all = (all + text).slice(-WORDS);
    const lines = (line + text).split("\n");
    line = (lines.pop() ?? "").slice(-WORDS);
    lines.forEach(onLine);
  }
  return all;
}
