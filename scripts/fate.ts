/** `lab fate`: what will become of each packet, before any is sent. */
import { defineVerb, MachineError, UsageError } from "./verb.ts";

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
      ? { experimental: readTable("experimental", netem.parseDistribution) }
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
    }));
    return 0;
  },
});

/** Reads what the caller wrote; a wrong word becomes one line and status 2. */
async function read(profileText: string, values: { script?: string; seed?: string }) {
  const netem = await import("../src/netem/mod.ts");
  const request = {
    netem: profileText,
    ...(values.seed === undefined ? {} : { seed: seed(values.seed) }),
  };
  try {
    const { up } = netem.resolveSeeds(request, drawnSeed);
    const { up: upScript } = netem.parseScript(values.script ?? "");
    return { up, upScript, notes: netem.profileNotes(profileText) };
  } catch (error) {
    if (error instanceof netem.ProfileError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function seed(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) {
    throw new UsageError(
      `Give --seed a whole number from 0 to 18446744073709551615, got '${text.slice(0, 40)}'`,
    );
  }
  return BigInt(text);
}

/** 32 bits are enough to tell runs apart, and short enough to type again. */
function drawnSeed(): bigint {
  return BigInt(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
}

/** A table that comes with iproute2 and follows from no formula. */
function readTable(name: string, parse: (text: string) => Int16Array): Int16Array {
  for (const folder of tableFolders()) {
    try {
      return parse(Deno.readTextFileSync(`${folder}/${name}.dist`));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new MachineError(
    `Install iproute2 for the ${name} distribution: no ${name}.dist was found`,
  );
}

/** Where distributions of Linux keep iproute2's tables. */
function tableFolders(): string[] {
  const folders = ["/usr/lib/tc", "/usr/lib64/tc", "/usr/share/tc", "/lib/tc"];
  try {
    for (const { name } of Deno.readDirSync("/usr/lib")) {
      if (name.endsWith("-linux-gnu")) folders.unshift(`/usr/lib/${name}/tc`);
    }
  } catch {
    // No such folder here: the fixed ones are left.
  }
  return folders;
}
