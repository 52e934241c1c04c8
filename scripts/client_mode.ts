/** How the client of a run works: whether it reads lines, or sends by itself. */
import { type ClientMode, type LabManifest, stemOf } from "../src/lab/mod.ts";
import { UsageError } from "./verb.ts";

/** The options that decide. */
export interface ModeValues {
  input?: string | undefined;
  client?: string | undefined;
}

/** Returns how a lab's client works: what is given to read, it reads; else it sends by itself, where it can. */
export function clientMode(manifest: LabManifest, { input, client }: ModeValues): ClientMode {
  const { programs, arguments: { pinger, swarm } } = manifest;
  if (input !== undefined) return "keyboard";
  const isSwarm = client === undefined || namesProgram(client, programs.swarm ?? "");
  if (programs.swarm !== undefined && swarm !== undefined && isSwarm) return "swarm";
  return pinger === undefined ? "keyboard" : "pinger";
}

/** Whether a path is a program of this name, in whatever language, or a folder with one. */
function namesProgram(path: string, name: string): boolean {
  if (stemOf(path.slice(path.lastIndexOf("/") + 1)) === stemOf(name)) return true;
  try {
    return Deno.statSync(`${path}/${name}`).isFile;
  } catch {
    return false;
  }
}

/** The options that say how much a client sends by itself. */
const AMOUNTS = ["count", "interval", "size", "swarm"] as const;

/**
 * Refuses options that a client in its mode does not take.
 *
 * @throws {UsageError} naming the option.
 */
export function checkAmounts(
  mode: ClientMode,
  manifest: Pick<LabManifest, "id">,
  values: ModeValues & { [Name in typeof AMOUNTS[number]]?: number | undefined },
): void {
  for (const name of AMOUNTS) {
    if (values[name] === undefined) continue;
    if (mode === "keyboard") {
      throw new UsageError(
        values.input !== undefined
          ? `Leave out --${name}, or --input: in keyboard mode the lines say what is sent`
          : `Leave out --${name}: ${manifest.id}'s client sends the lines that it reads`,
      );
    }
    if (name === "swarm" && mode !== "swarm") {
      throw new UsageError(`Leave out --swarm: ${manifest.id} has none`);
    }
  }
}
