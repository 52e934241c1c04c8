/** Names that strangers chose, in lines that people read. Pure. */

/** Longer ones say no more. */
const LONGEST = 120;

/**
 * Returns a name or path on one line: what a terminal would act on, as pictures (U+2400 and on) or `�`; a long one without
 * its middle.
 */
export function shown(name: string): string {
  // deno-lint-ignore no-control-regex
  const plain = name.toWellFormed().replace(/[\x00-\x1f\x7f]/g, (character) => {
    const code = character.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  }).replace(/[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "\ufffd");
  if (plain.length <= LONGEST) return plain;
  const half = LONGEST / 2;
  return `${plain.slice(0, half)}…${plain.slice(-half)}`.toWellFormed();
}
