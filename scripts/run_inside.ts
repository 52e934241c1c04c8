/**
 * What the service of a lab runs in Compose: `lab run`, among containers that stand already.
 *
 * ```sh
 * deno run -A scripts/run_inside.ts lab3 --input -
 * ```
 */
import { joinInside } from "../src/engine/mod.ts";
import { checkPaths } from "./compose_paths.ts";
import {
  checkUser,
  composeOptions,
  composeRepeat,
  driverFault,
  insideText,
  refuseElsewhere,
  ROOT,
  unwritableText,
  WITHOUT_CONTAINERS,
} from "./compose_values.ts";
import { refuseForeign } from "./engine_choice.ts";
import { main, report, type Surroundings } from "./lab.ts";
import { processOutput } from "./output.ts";
import { verb as runVerb } from "./run.ts";
import type { RunPlace } from "./run_place.ts";
import type { RunValues } from "./run_settle.ts";
import { type Context, type Output, UsageError, type Verb } from "./verb.ts";

const env = (name: string) => Deno.env.get(name);

/** `lab run` as Compose's users have it. */
function insideVerb(lab: string, given: readonly string[]): Verb {
  let file: string | undefined;
  const place: RunPlace = {
    // The server is the run's own, whichever stood before.
    standing: () => null,
    async find(values, lab, signal, _notice, { programs }) {
      refuseForeign([programs.server, programs.client], WITHOUT_CONTAINERS);
      const testbed = await joinInside({ lab, signal });
      const fault = driverFault(lab, values, (await testbed.show()).wish);
      if (fault !== null) {
        await testbed[Symbol.asyncDispose]();
        throw new UsageError(fault);
      }
      if (testbed.serverAddress.includes(":")) file = "compose.ipv6.yaml";
      return { testbed, visited: false };
    },
    shown: (path) => insideText(path, []),
    look: (lab) => `docker compose exec ${lab}-link ss -tan`,
    repeat: (_root, lab, _values, link, sharers) =>
      composeRepeat(lab, link.seed, env, { given, file, clients: sharers }),
  };
  const { engine: _, clients: __, out: ___, ...options } = runVerb.options;
  const command = `docker compose run --rm ${lab}`;
  return {
    ...runVerb,
    command,
    description:
      "docker compose up does the same with variables, LAB_NETEM for --netem and so on:\n" +
      "docs/compose.md lists them.",
    positionals: [],
    options,
    examples: [
      {
        line: `${command} --netem 'delay 50ms loss 20%' --seed 7`,
        help: "Your own network, repeatable",
      },
      { line: `docker compose run --rm -it ${lab} --input -`, help: "Type lines, see answers" },
      {
        line: `LAB_SERVER=mine/server.ts docker compose up ${lab}`,
        help: "Your server, a path from the checkout on",
      },
    ],
    async run(context) {
      checkUser(Deno.uid());
      // The place is settled, so nobody asks for an engine.
      const values = { ...context.values, engine: "local", clients: 1 } as unknown as RunValues;
      const { runLab } = await import("./run_lab.ts");
      return await runLab({ ...context, values, positionals: [lab] } as Context<RunValues>, place);
    },
  };
}

/** Our own output, with faults in the words of Compose. */
function insideOutput(output: Output, from: readonly string[]): Output {
  return {
    ...output,
    err(text) {
      if (typeof text !== "string") return output.err(text);
      output.err(unwritableText(insideText(text, from), Deno.uid(), ownerOf(`${ROOT}/out`)));
    },
  };
}

function ownerOf(path: string): number | null {
  try {
    return Deno.statSync(path).uid;
  } catch {
    return null;
  }
}

const [lab = "", ...given] = Deno.args;
const plain = processOutput();
const surroundings = (from: readonly string[]): Surroundings => ({
  output: insideOutput(plain, from),
  root: ROOT,
  load: () => Promise.resolve(insideVerb(lab, given)),
  debug: (env("LAB_DEBUG") ?? "") !== "",
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  Deno.exit(report(event.reason, surroundings([])));
});
try {
  refuseElsewhere(lab, given);
  const { args, from } = composeOptions(env, given);
  checkPaths(env, given, ROOT);
  Deno.exit(await main(["run", ...args, ...given], surroundings(from)));
} catch (error) {
  Deno.exit(report(error, surroundings([])));
}
