/** Fenced blocks of a document, with the comments in front of them that say what they are. */

/** One block. */
export interface Block {
  /** What stands behind the fence: `sh`, `yaml`. */
  language: string;
  /** What the comment says, such as `schema: PATH`; null where there is none. */
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

/** Returns a block as a part of YAML that stands so many columns further in than in the document. */
export function indented({ text }: Pick<Block, "text">, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}

/** Returns a text with each placeholder of the templates as somebody would fill it in. */
export function filledIn(text: string): string {
  return text.replaceAll("@COMMIT", `@${"0".repeat(40)}`);
}
