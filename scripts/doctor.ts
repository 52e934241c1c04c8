/** `lab doctor`: what this machine has, what will be used, what to install. */
import { defineVerb, type Output, type Style } from "./verb.ts";
import type { Advice, Finding } from "../src/engine/mod.ts";

export const verb = defineVerb({
  name: "doctor",
  summary: "Say what this machine can run, and what to install",
  positionals: [],
  options: {
    json: { type: "boolean", help: "Everything that was found, as JSON" },
  },
  examples: [{ line: "./lab doctor", help: "Ends with status 0 if ./lab run can work, else 3" }],
  run: ({ values, output }) => doctor(values.json, output),
});

async function doctor(json: boolean, output: Output): Promise<number> {
  const { advise, probeMachine } = await import("../src/engine/mod.ts");
  const facts = await probeMachine();
  const advice = advise(facts);
  output.out(
    json
      ? JSON.stringify({ ...advice, facts }, null, 2) + "\n"
      : doctorText(advice, output.style, fetchedFrom(facts.deno.path)),
  );
  return advice.ok ? 0 : 3;
}

/** Returns the report as a user reads it; `denoFrom` says where Deno is from. */
export function doctorText(advice: Advice, style: Style, denoFrom = ""): string {
  const marks: Record<Finding["state"], string> = {
    ok: style.green("ok"),
    note: style.dim("--"),
    missing: style.red("no"),
  };
  const width = Math.max(...advice.findings.map(({ topic }) => topic.length));
  const lines = advice.findings.flatMap(({ topic, state, found, remedy }) => [
    `${marks[state]}  ${topic.padEnd(width)}  ${found}${topic === "Deno" ? denoFrom : ""}`,
    ...(remedy ? [`    ${" ".repeat(width)}  ${style.yellow("->")} ${remedy}`] : []),
  ]);
  const driver = advice.driver === null
    ? "driver tc or tun, as its kernel has it"
    : `driver ${advice.driver}${advice.why ? ` (${advice.why})` : ""}`;
  const verdict = !advice.ok
    ? "./lab run cannot work here yet: see each line marked no"
    : `./lab run works here: engine ${advice.engine}, ${driver}` +
      (advice.engine === "local"
        ? ""
        : advice.local
        ? "; --engine local works, too"
        : "; --engine local cannot yet: see each line marked no");
  return [...lines, "", style.bold(verdict), ""].join("\n");
}

function fetchedFrom(path: string): string {
  return /\/(\.socklab|socklab\/[^/]+)\/deno-/.test(path) ? " (fetched by ./lab)" : "";
}
