/** What Compose's users say, in variables: as options of `lab run`, and in the words of its messages. Pure, but for ROOT. */
import type { DriverWish } from "../src/link/mod.ts";
import { parseProfile, parseScript } from "../src/netem/mod.ts";
import { quote } from "./repeat_command.ts";
import { UsageError } from "./verb.ts";

/** The checkout, as the containers have it. */
export const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname).replace(/\/$/, "");

/** Where programs run that need more than a container of ours has. */
export const WITHOUT_CONTAINERS = "Use ./lab run --engine local";

/** The options that a variable stands for: `LAB_NETEM` for `--netem`. */
const OPTIONS = [
  "netem",
  "up",
  "down",
  "seed",
  "script",
  "driver",
  "program",
  "count",
  "interval",
  "size",
  "swarm",
  "server",
  "client",
] as const;

/** The variable of an option. */
export function variableOf(option: string): string {
  return `LAB_${option.toUpperCase()}`;
}

/** Options of `lab run` from the variables. */
export interface ComposeOptions {
  /** `["--netem=loss 10%"]`; what comes behind them on a command line goes before them. */
  args: string[];
  /** The options that variables stand for here: all that the command line does not say itself. */
  from: string[];
}

/**
 * Returns the options that the variables stand for; an empty one is as one that is not set.
 *
 * @param given What the user has added to the command line, as in `docker compose run lab3 --count 5`.
 * @throws {UsageError} Where a profile or a script is wrong.
 */
export function composeOptions(
  env: (name: string) => string | undefined,
  given: readonly string[],
): ComposeOptions {
  const from = OPTIONS.filter((option) => valueOf(given, option) === undefined);
  const args: string[] = [];
  for (const option of from) {
    const value = env(variableOf(option)) ?? "";
    if (value === "") continue;
    if (["netem", "up", "down", "script"].includes(option)) checkText(option, value);
    args.push(`--${option}=${value}`);
  }
  return { args, from };
}

/** @throws {UsageError} Where Compose has a way of its own for an option that the user has added. */
export function refuseElsewhere(lab: string, given: readonly string[]): void {
  if (valueOf(given, "engine") !== undefined) {
    throw new UsageError("Leave out --engine: this is Docker's");
  }
  const clients = valueOf(given, "clients");
  if (clients !== undefined) {
    const count = clients === "" ? "5" : clients;
    throw new UsageError(
      `Write docker compose up --scale ${lab}=${count} ${lab} for several clients, not --clients`,
    );
  }
  if (valueOf(given, "out") !== undefined) {
    throw new UsageError(
      "Set LAB_OUT to an absolute path, not --out: artifacts go where Compose mounts a folder",
    );
  }
}

/** Returns the value of an option on a command line: empty where it has none, undefined where the option is not there. */
export function valueOf(given: readonly string[], option: string): string | undefined {
  const at = given.findLastIndex((word) =>
    word === `--${option}` || word.startsWith(`--${option}=`)
  );
  if (at < 0) return undefined;
  const inline = given[at]!.slice(option.length + 3);
  return given[at]!.includes("=") ? inline : given[at + 1] ?? "";
}

/** @throws {UsageError} Naming the variable, which the faults of profiles and scripts do not. */
function checkText(option: string, text: string): void {
  try {
    if (option === "script") parseScript(text);
    else parseProfile(text);
  } catch (cause) {
    throw new UsageError(`${variableOf(option)}: ${(cause as Error).message}`, { cause });
  }
}

/** Returns what stands between a run and a link that was started with another driver, with what to do; null for nothing. */
export function driverFault(
  lab: string,
  { driver, script }: { driver: DriverWish; script?: string | undefined },
  wish: DriverWish,
): string | null {
  if (wish === "auto") return null;
  const started = `its link was started with LAB_DRIVER=${wish}`;
  if (driver !== "auto" && driver !== wish) {
    return `Run LAB_DRIVER=auto docker compose up ${lab} first, or LAB_DRIVER=${driver}: ${started}`;
  }
  return wish === "tc" && script !== undefined
    ? `Run LAB_DRIVER=auto docker compose up ${lab} first, or leave out the script: ${started}, and the kernel's netem follows none`
    : null;
}

/** @throws {UsageError} Where we are root: programs of students do not run as that. */
export function checkUser(uid: number | null): void {
  if (uid !== 0) return;
  throw new UsageError(
    "Set LAB_UID to your user's number (id -u), not 0: nothing here runs as root",
  );
}

/** Returns a message in words that a user of Compose knows: variables for options, paths from the checkout on. */
export function insideText(text: string, from: readonly string[], root = ROOT): string {
  const set = from.includes("driver")
    ? text.replace(/--driver (auto|tc|tun)\b/g, "LAB_DRIVER=$1")
    : text;
  const named = from.length === 0 ? set : set.replace(
    new RegExp(`--(${from.join("|")})(?![\\w-])`, "g"),
    (_, name) => variableOf(name),
  );
  // At the beginning of a path only: a folder on the way may have the same name.
  return named.replace(new RegExp(`(?<![\\w./-])(file://)?${root}/`, "g"), "");
}

/**
 * Returns the command line that repeats a run, with the variables that it was given.
 *
 * @param options `given`: what the user has added to the command line. `file`: the compose file, where it is not the
 * one that Compose takes by itself. `clients`: how many shared the run.
 */
export function composeRepeat(
  lab: string,
  seed: string,
  env: (name: string) => string | undefined,
  options: { given?: readonly string[]; file?: string | undefined; clients?: number } = {},
): string {
  const { given = [], file, clients = 1 } = options;
  const { args } = composeOptions(env, given);
  const values = new Map(args.map((word) => {
    const [, option, value] = /^--(\w+)=(.*)$/s.exec(word)!;
    return [option!, value!];
  }));
  const words = [...given];
  if (seed !== "" && given.length === 0) values.set("seed", seed);
  else if (seed !== "" && valueOf(given, "seed") === undefined) {
    values.delete("seed");
    words.push("--seed", seed);
  }
  return [
    ...[...values].map(([option, value]) => `${variableOf(option)}=${quote(value)}`),
    `docker compose${file === undefined ? "" : ` -f ${file}`}`,
    given.length > 0 ? "run --rm" : clients > 1 ? `up --scale ${lab}=${clients}` : "up",
    lab,
    ...words.map(quote),
  ].join(" ");
}

/**
 * Returns the line that says that artifacts cannot be written, with what Compose's users can do about it.
 *
 * @param uid Ours.
 * @param owner Whose the folder is.
 */
export function unwritableText(text: string, uid: number | null, owner: number | null): string {
  return text.replace(
    /(?<=^lab: )Make \S+ writable to keep artifacts: Permission denied/,
    (line) => {
      if (owner === null || owner === uid) return line;
      return owner === 0
        ? `Give out/ to user ${uid} (LAB_UID) to keep artifacts: it is root's`
        : `Set LAB_UID=${owner} to keep artifacts: out/ is that user's, not ${uid}'s`;
    },
  );
}
