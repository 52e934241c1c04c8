/** `lab fate`: what will become of each packet, before any is sent. */
import { defineVerb, MachineError } from "./verb.ts";

export const verb = defineVerb({
  name: "fate",
  summary: "Foretell what a profile does to each packet, before any is sent",
  description:
    "The profile is written as tc writes netem: delay 100ms 20ms loss 10% duplicate 1%.\n" +
    "Packets come at a steady pace, towards the server. The same seed gives the same fates\n" +
    "in ./lab run; without one, a seed is drawn and printed.",
  positionals: [{
    name: "PROFILE",
    help: "What the network does, as tc writes netem",
    multiple: true,
  }],
  options: {
    count: {
      type: "number",
      placeholder: "N",
      default: 100,
      integer: true,
      min: 1,
      max: 5_000_000,
      help: "How many packets come",
    },
    "interval-us": {
      type: "number",
      placeholder: "U",
      default: 1000,
      min: 0,
      max: 1e9,
      help: "Microseconds from one to the next",
    },
    "frame-bytes": {
      type: "number",
      placeholder: "B",
      default: 98,
      integer: true,
      min: 14,
      max: 65_549,
      help: "Bytes of each, with 14 for Ethernet",
    },
    script: {
      type: "string",
      placeholder: "SCRIPT",
      help: "Fates by number, such as 'lose 1,4; duplicate 6' (the up part counts)",
    },
    seed: { type: "string", placeholder: "N", help: "Where the random numbers start" },
    brief: { type: "boolean", help: "Only the strip, and the delays on one line" },
    json: { type: "boolean", help: "The fates as JSON, on one line" },
  },
  examples: [
    {
      line: "./lab fate 'delay 100ms 20ms loss 10% duplicate 2% seed 42'",
      help: "A hundred packets",
    },
    {
      line: "./lab fate '' --script 'lose 1,4; hold 6 until 8' --count 10",
      help: "Fates by name",
    },
  ],
  async run({ values, positionals, output }) {
    const netem = await import("../src/netem/mod.ts");
    const { up, upScript, notes } = await read(positionals.join(" "), values);
    for (const note of notes) output.err(`lab: ${note}\n`);
    const tables = up.delay?.distribution === "experimental" ||
        (up.slot?.kind === "distribution" && up.slot.distribution === "experimental")
      ? { experimental: await readExperimental() }
      : {};
    const way = {
      count: values.count,
      intervalUs: values["interval-us"],
      frameBytes: values["frame-bytes"],
    };
    const foretold = netem.foretell(up, { ...way, script: upScript, tables });
    if (values.json) {
      output.out(JSON.stringify(foretold) + "\n");
      return 0;
    }
    const { fateText } = await import("../src/view/mod.ts");
    output.out(fateText(foretold, {
      ...way,
      script: netem.formatScriptLine(upScript),
      width: output.columns,
      colour: output.style.bold("x") !== "x",
      brief: values.brief,
    }));
    return 0;
  },
});

/** Reads what the caller wrote. @throws {ProfileError | UsageError} at a wrong word. */
async function read(profileText: string, values: { script?: string; seed?: string }) {
  const netem = await import("../src/netem/mod.ts");
  const { drawSeed, parseSeed } = await import("./link_options.ts");
  const request = {
    netem: profileText,
    ...(values.seed === undefined ? {} : { seed: parseSeed(values.seed) }),
  };
  const { up } = netem.resolveSeeds(request, drawSeed);
  const script = netem.parseScript(values.script ?? "");
  const notes = netem.profileNotes(profileText);
  if (!netem.isEmptyScriptLine(script.down)) {
    notes.push("The way up is foretold: what the script says of down is left out");
  }
  return { up, upScript: script.up, notes };
}

async function readExperimental(): Promise<Int16Array> {
  const { readDistribution } = await import("../src/link/mod.ts");
  try {
    return readDistribution("experimental");
  } catch (cause) {
    throw new MachineError((cause as Error).message, { cause });
  }
}
