/** How a peer is started. */
import type { ProgramSpec } from "../engine/mod.ts";

const FOLDER = decodeURIComponent(new URL("./peer", import.meta.url).pathname);
const ARGS = [
  "run",
  "--allow-all",
  "--unstable-net",
  "--no-config",
  "--no-lock",
  "--no-remote",
  "--no-prompt",
  `${FOLDER}/main.ts`,
];

/** The command line of a peer: a file of ours, with nothing beside it but its own folder. */
export function peerProgram(): ProgramSpec {
  return {
    command: [Deno.execPath(), ...ARGS],
    container: { command: ["deno", ...ARGS], reads: [`${FOLDER}/main.ts`] },
    cwd: FOLDER,
    env: { NO_COLOR: "1" },
  };
}
