/** From a verb's arguments to checked values; every fault is one line that says what to do. */
import { parseArgs } from "node:util";
import { nearest } from "../src/lab/mod.ts";
import {
  type AnyValues,
  type NumberOption,
  type Option,
  type Positional,
  type StringOption,
  UsageError,
  type Verb,
} from "./verb.ts";

/** What a command line asks of a verb. */
export type Parsed =
  | { help: true }
  | { help: false; values: AnyValues; positionals: string[] };

/** What tells how a verb is called. */
type Called = Pick<Verb, "name" | "command">;

function commandOf({ name, command = `./lab ${name}` }: Called): string {
  return command;
}

/** Returns a verb's usage in one line: `./lab run [options] LAB`. */
export function usageLine(verb: Called & Pick<Verb, "positionals" | "options">): string {
  const words = [commandOf(verb)];
  if (Object.keys(verb.options).length > 0) words.push("[options]");
  words.push(...verb.positionals.map(positionalText));
  return words.join(" ");
}

function positionalText(positional: Positional): string {
  const name = positional.choices?.join("|") ?? positional.name;
  const repeated = positional.multiple ? `${name}...` : name;
  return positional.optional ? `[${repeated}]` : repeated;
}

/** Returns the values and positionals in `args`; throws {@link UsageError} with one line. */
export function parseVerbArgs(
  verb: Called & Pick<Verb, "positionals" | "options">,
  args: readonly string[],
): Parsed {
  const described = Object.fromEntries(
    Object.entries(verb.options).map(([name, option]) => [name, {
      type: option.type === "boolean" ? "boolean" as const : "string" as const,
      ...(option.short ? { short: option.short } : {}),
    }]),
  );
  // Not strict: its messages are of several lines and name the wrong things. The tokens say all.
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...described, help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) {
    return { help: true };
  }
  const values: AnyValues = {};
  for (const [name, option] of Object.entries(verb.options)) values[name] = unset(option);
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(verb.options, token.name) ? verb.options[token.name] : undefined;
    if (option === undefined) throw unknownOption(verb, token.name, token.rawName);
    const given = `--${token.name}`;
    if (option.type === "boolean") {
      if (token.value !== undefined) {
        throw new UsageError(`Leave out '${token.value}' after ${given}: it takes no value`);
      }
      values[token.name] = true;
      continue;
    }
    const text = token.value;
    if (text === undefined || (!token.inlineValue && isOption(verb, text))) {
      throw new UsageError(`Give ${given} a value: ${given} ${option.placeholder}`);
    }
    if (option.type === "number") values[token.name] = number(given, option, text);
    else {
      const value = choice(`${given}`, option, text);
      const list = values[token.name];
      values[token.name] = Array.isArray(list) ? [...list, value] : value;
    }
  }
  return { help: false, values, positionals: checkedPositionals(verb, positionals) };
}

function unset(option: Option): AnyValues[string] {
  if (option.type === "boolean") return false;
  if (option.type === "string" && option.multiple) return [];
  return option.default;
}

function isOption(verb: Pick<Verb, "options">, text: string): boolean {
  if (!text.startsWith("--")) return false;
  const name = text.slice(2).split("=")[0] ?? "";
  return name === "help" || Object.hasOwn(verb.options, name);
}

function unknownOption(
  verb: Called & Pick<Verb, "options">,
  name: string,
  raw: string,
): UsageError {
  const near = raw.startsWith("--") ? nearest(name, Object.keys(verb.options)) : undefined;
  return new UsageError(
    near
      ? `Write --${near}, not ${raw}: '${commandOf(verb)}' has no option of that name`
      : `Leave out ${raw}: '${commandOf(verb)}' has no such option, its --help lists them`,
  );
}

function number(given: string, option: NumberOption, text: string): number {
  const kind = option.integer ? "a whole number" : "a number";
  const { min, max } = option;
  const range = min !== undefined && max !== undefined
    ? ` from ${min} to ${max}`
    : min !== undefined
    ? ` of at least ${min}`
    : max !== undefined
    ? ` of at most ${max}`
    : "";
  // Decimal only: Number() would also take "", "0x10" and " 5".
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  const bad = !Number.isFinite(value) || (option.integer && !Number.isSafeInteger(value)) ||
    (min !== undefined && value < min) || (max !== undefined && value > max);
  if (bad) throw new UsageError(`Give ${given} ${kind}${range}, not '${text}'`);
  return value;
}

function choice(
  given: string,
  option: Pick<StringOption, "choices">,
  text: string,
): string {
  if (!option.choices || option.choices.includes(text)) return text;
  const near = nearest(text, option.choices);
  const meant = near ? ` (did you mean ${near}?)` : "";
  throw new UsageError(`Give ${given} one of ${option.choices.join(", ")}, not '${text}'${meant}`);
}

function checkedPositionals(
  verb: Called & Pick<Verb, "positionals" | "options">,
  given: string[],
): string[] {
  const wanted = verb.positionals;
  for (const [i, positional] of wanted.entries()) {
    const values = positional.multiple ? given.slice(i) : given.slice(i, i + 1);
    if (values.length === 0 && !positional.optional) {
      const { name, choices } = positional;
      const which = choices ? ` (${choices.join(", ")})` : "";
      throw new UsageError(`Give ${name}${which}: ${usageLine(verb)}`);
    }
    for (const value of values) choice(positional.name, positional, value);
  }
  const extra = wanted.at(-1)?.multiple ? undefined : given[wanted.length];
  if (extra !== undefined) {
    throw new UsageError(`Leave out '${extra}': the usage is ${usageLine(verb)}`);
  }
  return given;
}
