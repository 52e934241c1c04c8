/** Texts of strangers (names, what programs print) as text that shows what is in it and acts on nothing. Pure. */

/** What a terminal or a log acts on, as a picture of itself (U+2400 and on). */
function picture(control: string): string {
  const code = control.charCodeAt(0);
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

/**
 * What turns the direction of text, cannot be seen, ends a line for some readers only or is no character; but the two
 * joiners, without which some scripts and emoji cannot be written.
 */
const UNSEEN = /(?![\u200c\u200d])[\u0080-\u009f\ufffe\uffff\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Returns a text that shows what is in it: lines and tabs stay. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.toWellFormed().replace(/[\x00-\x08\x0b-\x1f\x7f]/g, picture)
    .replace(UNSEEN, "\ufffd");
}

/** Returns the same on one line. */
export function oneLine(text: string): string {
  return printable(text).replace(/[\t\n]/g, picture);
}
