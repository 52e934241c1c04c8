/** The options by which `run` and `up` are told what the link does, and their meaning. */
import type { LabManifest } from "../src/lab/mod.ts";
import type { LinkSetting } from "../src/link/mod.ts";
import {
  formatProfile,
  formatScriptLine,
  parseScript,
  profileNotes,
  resolveSeeds,
} from "../src/netem/mod.ts";
import { ENGINES } from "./engine_choice.ts";
import { type Options, UsageError } from "./verb.ts";

/** Options of the engine and the link. */
export const linkOptions = {
  engine: {
    type: "string",
    placeholder: "ENGINE",
    choices: ENGINES,
    help: "Where programs run (default: LAB_ENGINE, else auto: Docker where it answers)",
  },
  driver: {
    type: "string",
    placeholder: "DRIVER",
    choices: ["auto", "tc", "tun"],
    default: "auto",
    help: "How the link works: the kernel's netem (tc), ours (tun), or whichever suits the run",
  },
  netem: {
    type: "string",
    placeholder: "PROFILE",
    help: "What the link does in both directions, in tc's words: 'delay 50ms loss 10%'",
  },
  up: { type: "string", placeholder: "PROFILE", help: "Only towards the server" },
  down: { type: "string", placeholder: "PROFILE", help: "Only towards the clients" },
  seed: {
    type: "string",
    placeholder: "N",
    help: "The same seed gives every packet the same fate; without one, it is drawn and printed",
  },
  script: {
    type: "string",
    placeholder: "SCRIPT",
    help: "Decide for packets by number: 'lose 1,4; down: duplicate 6'",
  },
} as const satisfies Options;

/** Options of the programs that both `run` and `up` start. */
export const serverOptions = {
  program: {
    type: "string",
    placeholder: "NAME",
    completes: "program",
    help: "One of the lab's programs, by its file's name, such as server_udp in lab2",
  },
  server: {
    type: "string",
    placeholder: "PATH",
    completes: "file",
    help: "Your server, a file or a folder, instead of the lab's",
  },
} as const satisfies Options;

/** The parsed options of {@linkcode linkOptions} that say what the link does. */
export interface LinkValues {
  netem?: string | undefined;
  up?: string | undefined;
  down?: string | undefined;
  seed?: string | undefined;
  script?: string | undefined;
}

/** What the link is to do. */
export interface LinkPlan {
  up: LinkSetting;
  down: LinkSetting;
  /** The seed from which both directions' follow, or the text of both where they were written apart. */
  seed: string;
  /** Whether nobody said a seed. */
  drawn: boolean;
  /** Lines about words that may not mean what their writer thinks. */
  notes: string[];
}

/**
 * Returns what the link is to do, from options and the lab's defaults.
 *
 * @throws {UsageError | ProfileError} naming the option or the word that is wrong.
 */
export function planLink(values: LinkValues, defaults: LabManifest["defaults"]): LinkPlan {
  const texts = profileTexts(values) ?? { up: defaults.up, down: defaults.down };
  let drawn = false;
  const seeds = resolveSeeds(
    { ...texts, ...(values.seed === undefined ? {} : { seed: parseSeed(values.seed) }) },
    () => {
      drawn = true;
      return drawSeed();
    },
  );
  const script = parseScript(values.script ?? "");
  return {
    up: { profile: formatProfile(seeds.up), script: formatScriptLine(script.up) },
    down: { profile: formatProfile(seeds.down), script: formatScriptLine(script.down) },
    seed: String(seeds.seed),
    drawn,
    notes: [...new Set(Object.values(texts).flatMap(profileNotes))],
  };
}

/**
 * Returns the profiles as options say them; null where they say none.
 *
 * @throws {UsageError} Where one direction is said twice.
 */
export function profileTexts(
  { netem, up, down }: Pick<LinkValues, "netem" | "up" | "down">,
): { netem: string } | { netem?: never; up: string; down: string } | null {
  if (netem === undefined) {
    return up === undefined && down === undefined ? null : { up: up ?? "", down: down ?? "" };
  }
  if (up === undefined && down === undefined) return { netem };
  throw new UsageError("Give --netem for both directions, or --up and --down, not both");
}

/** Returns the plan as the link has begun it: one that others share, or that repeats itself, has a seed of its own. */
export function planAsBegun(
  plan: LinkPlan,
  begun: { up: LinkSetting; down: LinkSetting },
): LinkPlan {
  const setting = ({ profile, script }: LinkSetting): LinkSetting => ({ profile, script });
  // None at all: the driver follows none.
  const [, seed = ""] = /\bseed (\d+)/.exec(begun.up.profile) ?? [];
  return {
    ...plan,
    up: setting(begun.up),
    down: setting(begun.down),
    seed: plan.drawn ? seed : plan.seed,
  };
}

/**
 * Returns a seed as netem has it.
 *
 * @throws {UsageError} where it is no whole number of 64 bits.
 */
export function parseSeed(text: string): bigint {
  if (!/^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text) || BigInt(text) >= 2n ** 64n) {
    throw new UsageError(
      `Give --seed a whole number from 0 to 18446744073709551615, not '${text}'`,
    );
  }
  return BigInt(text);
}

/** A seed for who gives none; short, so that people can tell it to each other. */
export function drawSeed(): bigint {
  return BigInt(crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000);
}
