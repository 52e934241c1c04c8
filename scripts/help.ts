/** Help texts, from the verbs' tables. */
import { usageLine } from "./parse.ts";
import type { Option, Style, Verb } from "./verb.ts";

/** What help needs of a verb. */
export type Described = Omit<Verb, "run">;

/** Returns the text of `./lab --help`. `unusable` names verbs whose file could not be loaded. */
export function overview(
  verbs: readonly Described[],
  style: Style,
  unusable: readonly { name: string; reason: string }[] = [],
): string {
  const rows = [
    ...verbs.map((verb) => [verb.name, verb.summary] as const),
    ...unusable.map(({ name, reason }) => [name, `(cannot be loaded: ${reason})`] as const),
  ];
  return [
    "Socklab: real servers and clients on a real, impaired network",
    "",
    `${style.bold("Usage:")} ./lab VERB [options]`,
    "",
    style.bold("Verbs:"),
    ...table(rows),
    "",
    style.bold("Options:"),
    ...table([
      ["-h, --help", "What a verb takes: ./lab VERB --help"],
      ["    --version", "The versions of socklab and of Deno"],
    ]),
    "",
    `${style.bold("Start with:")} ./lab run lab3`,
    "",
  ].join("\n");
}

/** Returns the text of `./lab VERB --help`. */
export function verbHelp(verb: Described, style: Style): string {
  const lines = [verb.summary, "", `${style.bold("Usage:")} ${usageLine(verb)}`];
  if (verb.description) lines.push("", verb.description.trimEnd());
  if (verb.positionals.length > 0) {
    lines.push(
      "",
      style.bold("Arguments:"),
      ...table(verb.positionals.map((positional) => [
        positional.name,
        positional.choices ? `${positional.help}: ${positional.choices.join(", ")}` : positional
          .help,
      ])),
    );
  }
  lines.push(
    "",
    style.bold("Options:"),
    ...table([
      ...Object.entries(verb.options).map(([name, option]) =>
        [optionText(name, option), optionHelp(option)] as const
      ),
      ["-h, --help", "This text"] as const,
    ]),
  );
  if (verb.examples.length > 0) {
    lines.push("", style.bold("Examples:"));
    for (const { line, help } of verb.examples) lines.push(`  ${line}`, `      ${style.dim(help)}`);
  }
  return lines.join("\n") + "\n";
}

function optionText(name: string, option: Option): string {
  const short = option.short ? `-${option.short}, ` : "    ";
  return `${short}--${name}${option.type === "boolean" ? "" : ` ${option.placeholder}`}`;
}

function optionHelp(option: Option): string {
  if (option.type === "boolean") return option.help;
  const notes = [];
  if (option.type === "string" && option.choices) notes.push(`one of ${option.choices.join(", ")}`);
  if (option.default !== undefined) notes.push(`default ${option.default}`);
  if (option.type === "string" && option.multiple) notes.push("may be repeated");
  return notes.length > 0 ? `${option.help} (${notes.join("; ")})` : option.help;
}

/** Two columns in 80, the second wrapped under itself. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(24, Math.max(...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, Math.max(30, 80 - width - 4));
    const first = left.length > width
      ? [`  ${left}`, `  ${" ".repeat(width)}  ${lines[0] ?? ""}`]
      : [`  ${left.padEnd(width)}  ${lines[0] ?? ""}`];
    return [...first, ...lines.slice(1).map((line) => `  ${" ".repeat(width)}  ${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
