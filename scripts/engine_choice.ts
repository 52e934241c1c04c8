/** Which engine and driver a verb takes, and the refusals that need no machine. */
import type { EngineName, ProgramSpec, StateFolder } from "../src/engine/mod.ts";
import { UsageError } from "./verb.ts";

/** What a user may choose. */
export const ENGINES = ["auto", "docker", "local"] as const;

/** One of {@linkcode ENGINES}. */
export type EngineChoice = typeof ENGINES[number];

/** The parsed options that choose. */
export interface EngineValues {
  engine?: EngineChoice | undefined;
  driver: string;
  script?: string | undefined;
}

/**
 * Returns the engine that the options, or else LAB_ENGINE, ask for, and refuses what cannot work.
 *
 * @param programs Those that will be started.
 * @throws {UsageError} at a combination that contradicts itself, or a program that the engine cannot run.
 */
export function chooseEngine(
  values: EngineValues,
  programs: readonly ProgramSpec[],
): EngineChoice {
  if (values.driver === "tc" && values.script !== undefined) {
    throw new UsageError("Leave out --driver tc: the kernel's netem follows no script, tun does");
  }
  const engine = values.engine ?? fromEnvironment();
  if (engine === "docker") refuseForeign(programs, "Use --engine local");
  return engine;
}

/**
 * Refuses what a lab that is up cannot take.
 *
 * @throws {UsageError} at another engine than the lab's, or a program that its engine cannot run.
 */
export function checkUp(
  values: EngineValues,
  { record }: StateFolder,
  programs: readonly ProgramSpec[],
): void {
  const { lab, engine } = record;
  const other = (wanted: EngineName) =>
    `End it with ./lab down ${lab}, then use --engine ${wanted}`;
  if (values.engine !== undefined && values.engine !== "auto" && values.engine !== engine) {
    throw new UsageError(`${other(values.engine)}: ${lab} is up on the ${engine} engine`);
  }
  if (engine === "docker") refuseForeign(programs, other("local"));
}

/**
 * Refuses programs that containers have nothing to run with.
 *
 * @param advice What to do first, without the program's other remedy.
 * @throws {UsageError} naming the first of them.
 */
export function refuseForeign(programs: readonly ProgramSpec[], advice: string): void {
  const foreign = programs.find(({ container }) => container === undefined);
  if (foreign === undefined) return;
  throw new UsageError(
    `${advice}, or give a .ts or .js program: containers have nothing to run ${
      foreign.command[0]
    } with`,
  );
}

function fromEnvironment(): EngineChoice {
  const text = Deno.env.get("LAB_ENGINE") ?? "";
  const engine = ENGINES.find((one) => one === text);
  if (engine !== undefined) return engine;
  if (text === "") return "auto";
  throw new UsageError(
    `Set LAB_ENGINE to ${ENGINES.join(", ").replace(/, (\w+)$/, " or $1")}, not '${text}'`,
  );
}
