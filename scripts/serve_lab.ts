/**
 * What the server's container of a lab runs: the agent that starts the lab's server, and starts it afresh for each run.
 *
 * ```sh
 * deno run -A scripts/serve_lab.ts lab3
 * ```
 */
import { serveInside } from "../src/engine/mod.ts";
import { findLab, withPair } from "../src/lab/mod.ts";
import { pathInside } from "./compose_paths.ts";
import { checkUser, insideText, ROOT, WITHOUT_CONTAINERS } from "./compose_values.ts";
import { refuseForeign } from "./engine_choice.ts";
import { Interrupt } from "./interrupt.ts";
import { serverProgram } from "./lab_programs.ts";
import { pairOfPath } from "./run_settle.ts";

/** The server that `LAB_SERVER` names, or the lab's; null where it cannot be run, which the runner says too. */
function standing(name: string) {
  try {
    checkUser(Deno.uid());
    const path = pathInside("LAB_SERVER", Deno.env.get("LAB_SERVER") ?? "", ROOT);
    const found = findLab(ROOT, name);
    const chosen = Deno.env.get("LAB_PROGRAM") || pairOfPath(found, path) || null;
    const lab = chosen === null ? found : withPair(found, chosen);
    const out = `${ROOT}/out`;
    const { spec } = serverProgram(ROOT, lab, { path, host: ownAddress6(), out });
    refuseForeign([spec], WITHOUT_CONTAINERS);
    const { command, cwd, env, writes = [] } = spec;
    return { command, cwd: cwd!, env: env!, writes };
  } catch (error) {
    say((error as Error).message);
    return null;
  }
}

/** Our address of IPv6, where the network has been given any: then clients come by it. */
function ownAddress6(): string | undefined {
  return Deno.networkInterfaces().find(({ name, family, address }) =>
    name === "eth0" && family === "IPv6" && !address.startsWith("fe80:")
  )?.address;
}

function say(line: string): void {
  console.error(insideText(`lab: ${line}`, ["server", "program"]));
}

using interrupt = new Interrupt();
const told = await serveInside({
  standing: standing(Deno.args[0] ?? ""),
  onOutput: (stream, bytes) => Deno[stream].writeSync(bytes),
  onNotice: say,
  signal: interrupt.signal,
});
if (!told) say("The link has ended, and its network with it: docker compose up starts both");
Deno.exit(told ? 0 : 3);
