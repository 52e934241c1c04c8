/** What is wrong with a profile or a script, and where: the word as written and its column, from 1. */
export class ProfileError extends Error {
  override name = "ProfileError";
  /** The word at fault, as written; empty where the text ended too early. */
  readonly word: string;
  /** Where the word begins, counted from 1. */
  readonly column: number;

  /** `advice` says what to write instead; column and word are appended to it. */
  constructor(advice: string, word: string, column: number) {
    super(`${advice}: column ${column}, got ${word === "" ? "nothing" : `'${shown(word)}'`}`);
    this.word = word;
    this.column = column;
  }
}

/** The word on one line of a terminal: no control characters, not endless. */
function shown(word: string): string {
  // deno-lint-ignore no-control-regex
  const plain = word.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "?");
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
