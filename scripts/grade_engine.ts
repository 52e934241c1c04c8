/** On which engine submissions are graded: containers shut them in, this machine does not. */
import { type EngineName, isUsable, probeDocker } from "../src/engine/mod.ts";
import { chooseEngine, type EngineChoice } from "./engine_choice.ts";
import { UsageError } from "./verb.ts";

/** Milliseconds that an engine has to say its version. */
const PATIENCE = 5000;

/**
 * Returns the engine that the options, or else LAB_ENGINE, ask for. Where that is `auto`, Docker if it answers.
 *
 * @throws {UsageError} Where it would be the local one, and its user does not trust what was handed in.
 */
export async function gradeEngine(
  { engine, trust, image }: {
    engine?: EngineChoice | undefined;
    trust: boolean;
    image?: string | undefined;
  },
): Promise<EngineName> {
  const choice = chooseEngine({ engine, driver: "tun" }, []);
  const chosen = choice === "auto" ? await answering() : choice;
  if (chosen === "docker") return chosen;
  const start = choice === "local" ? "Use --engine docker" : "Start a Docker engine";
  const why = "on the local engine programs run as you, with all your files";
  if (!trust) throw new UsageError(`${start}, or add --trust: ${why}`);
  if (image === undefined) return chosen;
  throw new UsageError(`${start}, or leave out --image: the local engine has no images`);
}

async function answering(): Promise<EngineName> {
  return isUsable(await probeDocker({ signal: AbortSignal.timeout(PATIENCE) }))
    ? "docker"
    : "local";
}
