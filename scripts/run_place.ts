/** Where runs find their testbed: one of their own, or that of a lab that is up. */
import {
  attachTestbed,
  type ProgramSpec,
  type StartedTestbed,
  startTestbed,
} from "../src/engine/mod.ts";
import type { LabManifest } from "../src/lab/mod.ts";
import { formatScript, parseScriptLine } from "../src/netem/mod.ts";
import { checkUp, type EngineChoice } from "./engine_choice.ts";
import { findUp } from "./find_up.ts";
import { type LinkPlan, planLink } from "./link_options.ts";
import { repeatCommand } from "./repeat_command.ts";
import type { RunValues, SettledPair } from "./run_settle.ts";
import { UsageError } from "./verb.ts";

/** What a testbed is wanted for. */
export interface Wanted {
  engine: EngineChoice;
  programs: { server: ProgramSpec; client: ProgramSpec };
  /** Whether client hosts are to outlive their clients, where they are few. */
  hostsStay?: boolean;
}

/** Where runs find their testbed. */
export interface RunPlace {
  /** Returns the pair of programs of a lab that is up; null where it is not. */
  standing(lab: string): string | null;
  find(
    values: RunValues,
    lab: string,
    signal: AbortSignal,
    notice: (line: string) => void,
    wanted: Wanted,
  ): Promise<{ testbed: StartedTestbed; visited: boolean }>;
  /** Returns the command line that repeats a run, which so many runners have shared. */
  repeat(root: string, lab: string, values: RunValues, link: LinkPlan, sharers: number): string;
  /** Returns a path of ours as its user has it. Default: as it is. */
  shown?(path: string): string;
  /** Returns how its user sees the sockets at a lab's server, once a run is over. */
  look(lab: string, visited: boolean): string;
}

/** So many clients are few: a host that stays may cost a container. */
const FEW = 4;

/** Testbeds of this machine. */
export const thisMachine: RunPlace = {
  standing: (lab) => findUp(lab)?.record.program ?? null,
  find: findTestbed,
  repeat: repeatCommand,
  look: (lab, visited) =>
    `${
      visited ? "" : `./lab up ${lab}, ./lab run ${lab}, then `
    }ss -tan in ./lab shell ${lab} link`,
};

async function findTestbed(
  values: RunValues,
  id: string,
  signal: AbortSignal,
  onNotice: (line: string) => void,
  { engine, programs, hostsStay = false }: Wanted,
): Promise<{ testbed: StartedTestbed; visited: boolean }> {
  const up = findUp(id);
  const { clients, driver } = values;
  if (up === null) {
    const options = {
      ...{ lab: id, clients, driver, signal, onNotice, programs },
      hostsStay: hostsStay && clients <= FEW,
    };
    return { testbed: await startTestbed(engine, options), visited: false };
  }
  if (values.server !== undefined) {
    throw new UsageError(
      `End the lab with ./lab down ${id} to run another server: ${id} is up with its own`,
    );
  }
  if (values.clients > up.record.clients) {
    throw new UsageError(
      `Give ./lab up ${id} --clients ${values.clients}: ${id} is up with ${up.record.clients} client hosts`,
    );
  }
  checkUp(values, up, [programs.client]);
  return { testbed: await attachTestbed(up, { programs, clients, onNotice }), visited: true };
}

/** On a lab that is up, what is not said stays as `lab netem set` left it; its run begins anew all the same. */
export async function asItStands(
  testbed: StartedTestbed,
  values: RunValues,
  { link, defaults }: { link: LinkPlan; defaults: LabManifest["defaults"] },
): Promise<LinkPlan> {
  if ([values.netem, values.up, values.down].some((value) => value !== undefined)) {
    return link;
  }
  const { up, down } = await testbed.show();
  // A seed on the command line starts both directions over; otherwise each keeps its own.
  const text = (profile: string) =>
    values.seed === undefined ? profile : profile.replace(/ ?\bseed \d+/, "");
  const { seed } = values;
  const plan = planLink(
    { up: text(up.profile), down: text(down.profile), seed },
    defaults,
  );
  if (values.script !== undefined) {
    plan.up.script = link.up.script;
    plan.down.script = link.down.script;
  } else {
    plan.up.script = up.script;
    plan.down.script = down.script;
  }
  return plan;
}

/** Spells out what a lab that is up does, so that the command repeats the run on any machine. */
export function spelledOut(
  given: RunValues,
  link: LinkPlan,
  { name, lab }: Pick<SettledPair, "name" | "lab">,
): RunValues {
  const values = lab.manifest.variants === undefined ? given : { ...given, program: name };
  if ([values.netem, values.up, values.down].some((value) => value !== undefined)) return values;
  const [up, down] = [link.up, link.down].map(({ script }) => parseScriptLine(script));
  const standing = formatScript({ up: up!, down: down! });
  const script = values.script ?? (standing || undefined);
  return { ...values, up: link.up.profile, down: link.down.profile, ...(script && { script }) };
}
