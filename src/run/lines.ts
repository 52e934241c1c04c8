/**
 * A program's output as lines, for printing beside that of others.
 */

/** Longest line passed on in one piece, in bytes: a program that never ends its line must not fill the memory. */
const longest = 64 * 1024;

/**
 * The lines of a stream without their ends, as they come; a last line without an end counts too. Invalid UTF-8
 * becomes U+FFFD, and control characters other than tab are shown as such, so that no program writes to the
 * user's terminal but in words.
 */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    let from = 0;
    for (;;) {
      const end = rest.indexOf("\n", from);
      if (end < 0) break;
      yield visible(rest.slice(from, end).replace(/\r$/, ""));
      from = end + 1;
    }
    rest = rest.slice(from);
    while (rest.length > longest) {
      yield visible(rest.slice(0, longest));
      rest = rest.slice(longest);
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield visible(rest);
}

/** Control characters as pictures of themselves (U+2400 and on). */
export function visible(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, (character) => {
    const code = character.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}
