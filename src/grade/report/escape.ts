/** How texts of strangers are written into formats. Pure. */
import { oneLine, printable } from "../printable.ts";

/** Returns text for an element of XML 1.0; what XML has no character for (section 2.2) is gone with what is unseen. */
export function xmlText(text: string): string {
  return printable(text).replace(/[&<>]/g, reference);
}

/** Returns the value of an attribute, to stand between double quotes. */
export function xmlAttribute(text: string): string {
  return xmlText(oneLine(text)).replaceAll('"', "&#34;");
}

/** A character as a numeric reference, which XML, HTML and Markdown read and never take for markup. */
function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/**
 * Returns words for running text, a cell or a `<summary>` of Markdown: nothing in them is markup, a link or a mention. Mail
 * addresses and mentions are looked for behind everything else, in what lies between two tags.
 */
export function markdownText(text: string): string {
  return oneLine(text).replace(/[&<>\\`*_[\]#|~$]|:(?! |$)|(?<=www)\./gi, reference)
    .replaceAll("@", "<span>@</span>");
}

/** Returns a name for Markdown, set as code is. */
export function markdownName(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}

/** Returns a block of code in Markdown, with a fence longer than any in it. */
export function markdownBlock(lines: readonly string[]): string {
  const text = lines.map(printable).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Returns a description in TAP 14: on one line, where neither `#` nor `\` begins anything. */
export function tapText(text: string): string {
  return oneLine(text).replace(/[\\#]/g, "\\$&").trim();
}

/** Returns a field of CSV (RFC 4180, section 2) that no spreadsheet takes for a formula. */
export function csvField(value: string | number | null): string {
  if (value === null || typeof value === "number") return `${value ?? ""}`;
  const text = oneLine(value).replace(/^(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/, "'");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns text for a log of GitHub Actions that its older commands, `##[…]`, anywhere in a line, cannot be made of. */
export function githubText(text: string): string {
  return printable(text).replaceAll("##[", "# #[");
}

/** Returns the message of a workflow command. */
export function githubData(text: string): string {
  return githubText(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

/** Returns a property of a workflow command. */
export function githubProperty(text: string): string {
  return githubData(oneLine(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
