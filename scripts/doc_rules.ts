/** What texts must keep to: links that lead somewhere, no names of one machine. Pure. */
import { lineAt, type Problem } from "./source_files.ts";

/**
 * Names of hosts and folders that are one machine's or one company's: which registry or mirror is
 * used is the user's affair. (Written in pieces: this file is checked too.)
 */
const FORBIDDEN: readonly [RegExp, string][] = [
  [/(?<![\w.])\/(?:work)\/\w+/g, "Write a path of the checkout"],
  [
    /\bregistry\.(?:npmjs|yarnpkg)\.\w+|\bnpm\.jsr\.io/g,
    "Leave the registry to the user's settings",
  ],
  [
    /\b(?:deb|security|ftp)\.debian\.\w+|\barchive\.ubuntu\.\w+/g,
    "Leave the mirror to the machine",
  ],
];

/** Returns the forbidden names in a file. */
export function nameProblems(path: string, text: string): Problem[] {
  return FORBIDDEN.flatMap(([pattern, todo]) =>
    [...text.matchAll(pattern)].map((match) => ({
      path,
      line: lineAt(text, match.index),
      message: `${todo}, not ${match[0]}`,
    }))
  );
}

/** Returns the anchors of a Markdown text's headings, as they are on common forges. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => {
    const text = (match[1] ?? "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
    const anchor = text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/**
 * Returns the links of a Markdown file that lead nowhere in the checkout. `read` gives the text of
 * a path, "" for a folder, undefined where there is nothing.
 */
export function linkProblems(
  path: string,
  markdown: string,
  read: (path: string) => string | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const text = withoutCode(markdown);
  for (
    const match of text.matchAll(/!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)
  ) {
    const link = match[1] ?? match[2] ?? "";
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) continue;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : decodeURIComponent(resolve(path, file));
    const found = target === path ? markdown : read(target);
    const message = found === undefined
      ? `Correct the link to ${link}: there is no ${target}`
      : anchor && target.endsWith(".md") && !anchorsOf(found).includes(anchor)
      ? `Correct the link to ${link}: ${target} has no such heading`
      : undefined;
    if (message) problems.push({ path, line: lineAt(text, match.index), message });
  }
  return problems;
}

/** What `deno doc --json` says of a module, as far as it is used here. */
export interface ModuleDoc {
  symbols: readonly {
    name: string;
    declarations: readonly {
      location: { filename: string; line: number };
      kind: string;
      jsDoc?: { doc?: string };
    }[];
  }[];
}

/** Returns the symbols of a door without a doc comment. `root` is the checkout. */
export function symbolProblems(door: ModuleDoc, root: string): Problem[] {
  return door.symbols.filter(({ declarations }) =>
    !declarations.some(({ jsDoc }) => jsDoc?.doc?.trim())
  ).flatMap(({ name, declarations }) =>
    declarations.slice(0, 1).map(({ location }) => ({
      path: decodeURIComponent(new URL(location.filename).pathname).replace(`${root}/`, ""),
      // deno doc counts lines from 0
      line: location.line + 1,
      message: `Add a doc comment to ${name}, which the room's door exports`,
    }))
  );
}

/** Blanks out fenced blocks and code spans, keeping every line where it was. */
function withoutCode(markdown: string): string {
  return withoutFences(markdown).replace(/`[^`\n]+`(?!\])/g, (code) => " ".repeat(code.length));
}

function withoutFences(markdown: string): string {
  return markdown.replace(
    /^(\s*)(```+|~~~+)[^\n]*\n[\s\S]*?^\s*\2[^\n]*$/gm,
    (code) => code.replace(/[^\n]/g, " "),
  );
}

function resolve(path: string, link: string): string {
  return new URL(link, `file:///${path}`).pathname.slice(1).replace(/\/$/, "");
}
