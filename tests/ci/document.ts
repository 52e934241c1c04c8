/** Fenced blocks of a document, with the comments in front of them that say what they are. */

/** One block. */
export interface Block {
  /** What stands behind the fence: `sh`, `yaml`. */
  language: string;
  /** What the comment says: `not run`, or `schema: PATH`; null where there is none. */
  mark: string | null;
  /** With its line breaks. */
  text: string;
}

/** Returns the blocks of a Markdown text. */
export function blocksOf(markdown: string): Block[] {
  const pattern = /(?:^<!-- (.*?) -->\n\n)?^```(\w+)\n([^]*?)^```$/gm;
  return [...markdown.matchAll(pattern)].map(([, mark, language, text]) => ({
    ...{ language: language!, mark: mark ?? null, text: text! },
  }));
}

/** Returns a text with each placeholder of the templates as somebody would fill it in. */
export function filledIn(text: string): string {
  return text.replaceAll("@COMMIT", `@${"0".repeat(40)}`);
}
