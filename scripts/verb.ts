/**
 * What a verb of `lab` is: one file under `scripts/` exports `verb`, and everything a user sees of
 * it, help text, parsing and completion, follows from that one table.
 *
 * ```ts
 * export const verb = defineVerb({
 *   name: "greet",
 *   summary: "Say hello",
 *   positionals: [{ name: "WHO", help: "Whom to greet" }],
 *   options: { times: { type: "number", placeholder: "N", default: 1, help: "How often" } },
 *   examples: [{ line: "./lab greet world", help: "Hello, world" }],
 *   run({ values, positionals, output }) {
 *     for (let i = 0; i < values.times; i++) output.out(`Hello, ${positionals[0]}\n`);
 *     return Promise.resolve(0);
 *   },
 * });
 * ```
 *
 * A verb's file is loaded only when it is used. Keep what is heavy behind a dynamic import in `run`,
 * since help and completion load every verb.
 */

/** What a shell may offer for a value: file names, folder names, the ids of the labs, or the names of a lab's programs. */
export type Completes = "file" | "folder" | "lab" | "program";

/** What every option has. */
interface OptionBase {
  /** One line for the help text: sentence case, no full stop. */
  help: string;
  /** One letter, for `-x`. */
  short?: string;
}

/** An option that is there or not: `--json`. */
export interface BooleanOption extends OptionBase {
  type: "boolean";
}

/** An option with a text: `--netem PROFILE`. */
export interface StringOption extends OptionBase {
  type: "string";
  /** What stands for the value in help texts, in capitals: `PROFILE`. */
  placeholder: string;
  /** The values allowed; others are refused, and the nearest is suggested. */
  choices?: readonly string[];
  /** The value where the option is not given. */
  default?: string;
  /** May be given several times; its value is then a list. */
  multiple?: boolean;
  /** What a shell may offer for the value. */
  completes?: Completes;
}

/** An option with a finite number: `--count N`. Whole numbers above 2^53 (seeds) are a `string`. */
export interface NumberOption extends OptionBase {
  type: "number";
  /** What stands for the value in help texts: `N`, `MS`, `BYTES`. */
  placeholder: string;
  /** The value where the option is not given. */
  default?: number;
  /** Refuse numbers with a fraction. */
  integer?: boolean;
  /** The smallest number allowed. */
  min?: number;
  /** The largest number allowed. */
  max?: number;
}

/** One option of a verb. */
export type Option = BooleanOption | StringOption | NumberOption;

/** A verb's options by their long names without dashes: `interval-us`. */
export type Options = Readonly<Record<string, Option>>;

/** One place on the command line that is no option. */
export interface Positional {
  /** Its name in help texts, in capitals: `LAB`. */
  name: string;
  /** One line for the help text. */
  help: string;
  /** May be left out; only the last ones can. */
  optional?: boolean;
  /** Takes all that is left; only the last one can. */
  multiple?: boolean;
  /** The values allowed. */
  choices?: readonly string[];
  /** What a shell may offer. */
  completes?: Completes;
}

/** The value that parsing gives an option. */
export type ValueOf<O extends Option> = O extends { type: "boolean" } ? boolean
  : O extends { type: "number" } ? (O extends { default: number } ? number : number | undefined)
  : O extends { multiple: true } ? string[]
  : O extends { default: string } ? Choice<O>
  : Choice<O> | undefined;

type Choice<O extends Option> = O extends { choices: readonly (infer C extends string)[] } ? C
  : string;

/** The parsed options of a verb, by long name. Booleans not given are false, lists not given empty. */
export type Values<O extends Options> = { [K in keyof O]: ValueOf<O[K]> };

/** Any verb's parsed options. */
export type AnyValues = Record<string, string | number | boolean | string[] | undefined>;

/** Colours for a terminal; each returns its text unchanged where the user wants none. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
}

/** Where a verb writes. Writing is synchronous and complete, so that nothing is lost at the end. */
export interface Output {
  /** Writes to standard output as it is; throws `Deno.errors.BrokenPipe` when nobody reads any more. */
  out(text: string | Uint8Array): void;
  /** Writes to standard error as it is; never throws. */
  err(text: string | Uint8Array): void;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Columns of that terminal; 80 where it is none. */
  readonly columns: number;
  /** Colours for standard output: on in a terminal, unless NO_COLOR is set or TERM is `dumb`. */
  readonly style: Style;
  /** Colours for standard error, by the same rules. */
  readonly errorStyle: Style;
}

/** What a verb runs with. */
export interface Context<V = AnyValues> {
  /** The options, parsed and checked. */
  values: V;
  /** The other arguments, as many as the verb's positionals allow. */
  positionals: string[];
  output: Output;
  /** The checkout: an absolute path without a slash at its end. */
  root: string;
}

/** A verb as the command line sees it. */
export interface Verb<V = AnyValues> {
  /** What the user types: one lower-case word, the name of its file. */
  name: string;
  /** How it is called, where not by `./lab NAME`. */
  command?: string;
  /** One line for the list of verbs: sentence case, no full stop. */
  summary: string;
  /** More for `--help`, as lines of at most 80 columns. */
  description?: string;
  positionals: readonly Positional[];
  options: Options;
  /** Command lines to copy (`./lab run lab3`), each with what it does. */
  examples: readonly { line: string; help: string }[];
  /**
   * Does the work; resolves to the exit status (0 done, 1 ran and failed, 3 our side). Throws
   * {@link UsageError} or {@link MachineError} for what one line can say.
   */
  run(context: Context<V>): Promise<number>;
}

/** Returns the verb, with `values` in `run` typed by its options. */
export function defineVerb<const O extends Options>(
  verb: Omit<Verb<Values<O>>, "options"> & { options: O },
): Verb {
  return {
    ...verb,
    run: (context) => verb.run({ ...context, values: context.values as Values<O> }),
  };
}

/** The caller's arguments or files are at fault: printed as `lab: message`, exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The machine or our own side is at fault: printed as `lab: message`, exit status 3. */
export class MachineError extends Error {
  override name = "MachineError";
}
