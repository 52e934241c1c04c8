/** How many columns of a terminal a text takes. Pure. */

/** Characters that are two columns wide (Unicode Standard Annex #11), those of half width apart. */
const WIDE =
  /(?![\uff61-\uffdf])[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
/** What adds nothing to the character before it. */
const NONE = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u;

const segmenter = new Intl.Segmenter();

/** Returns the columns that one line takes, for characters as people count them: a flag is one. */
export function textWidth(text: string): number {
  return graphemes(text).reduce((sum, one) => sum + widthOf(one), 0);
}

/** Returns the text with spaces behind it, or cut with an ellipsis, so that it is so many columns wide. */
export function fitted(text: string, columns: number): string {
  const width = textWidth(text);
  if (width <= columns) return text + " ".repeat(columns - width);
  let cut = "", used = 0;
  for (const one of graphemes(text)) {
    const next = used + widthOf(one);
    if (next > columns - 1) break;
    cut += one;
    used = next;
  }
  return `${cut}…${" ".repeat(columns - 1 - used)}`;
}

function graphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function widthOf(grapheme: string): number {
  if (NONE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || grapheme.includes("\ufe0f") ? 2 : 1;
}
