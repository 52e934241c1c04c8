/**
 * Blocks of sample output in documents: a comment that says where they come from, then a fenced block of text.
 *
 * ```md
 * <!-- output: ./lab fate 'loss 20% seed 3' --brief -->
 * ```
 */

/** One block. */
export interface MarkedBlock {
  /** What stands behind `output:` in the comment. */
  source: string;
  /** The block's lines, each with its line break. */
  body: string;
}

/** The blocks of a Markdown text whose comments begin with `kind`, such as `output`. */
export function markedBlocks(text: string, kind: string): MarkedBlock[] {
  const pattern = new RegExp(`<!-- ${kind}: (.*?) -->\\n\\n\`\`\`text\\n([^]*?)\`\`\``, "g");
  return [...text.matchAll(pattern)].map(([, source, body]) => ({ source: source!, body: body! }));
}
