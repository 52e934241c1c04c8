/** What `lab run` does: plan, testbed, run, report; once, or again at each change of a program. */
import {
  attachTestbed,
  type ProgramSpec,
  type StartedTestbed,
  startTestbed,
} from "../src/engine/mod.ts";
import { findLab, type Lab } from "../src/lab/mod.ts";
import { formatScript, parseScriptLine } from "../src/netem/mod.ts";
import { Artifacts, ProgramError, runPlan } from "../src/run/mod.ts";
import { checkUp, chooseEngine, type EngineChoice } from "./engine_choice.ts";
import { findUp } from "./find_up.ts";
import { Interrupt } from "./interrupt.ts";
import { clientProgram, type LabProgram, serverProgram } from "./lab_programs.ts";
import { type LinkPlan, type LinkValues, planAsBegun, planLink } from "./link_options.ts";
import { repeatCommand } from "./repeat_command.ts";
import { inputOf } from "./run_input.ts";
import { RunReport } from "./run_report.ts";
import { changeOfAny } from "./run_watch.ts";
import { type Context, UsageError } from "./verb.ts";

/** The parsed options of `lab run`. */
export interface RunValues extends LinkValues {
  engine?: EngineChoice | undefined;
  driver: "auto" | "tc" | "tun";
  count?: number | undefined;
  interval?: number | undefined;
  size?: number | undefined;
  clients: number;
  server?: string | undefined;
  client?: string | undefined;
  input?: string | undefined;
  watch: boolean;
  out?: string | undefined;
  json: boolean;
  quiet: boolean;
}

/** What one run is made of, settled before anything is started. */
interface Settled {
  lab: Lab;
  engine: EngineChoice;
  link: LinkPlan;
  /** For a server at this address. */
  server: (host: string) => LabProgram;
  /** For a server at this address. */
  client: (host: string) => LabProgram;
  out: string;
}

/** What a testbed is wanted for. */
interface Wanted {
  engine: EngineChoice;
  programs: { server: ProgramSpec; client: ProgramSpec };
}

/** Where runs find their testbed. */
export interface RunPlace {
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
}

const thisMachine: RunPlace = { find: findTestbed, repeat: repeatCommand };

/** Runs a lab as its options say; returns the exit status. */
export async function runLab(
  context: Context<RunValues>,
  place: RunPlace = thisMachine,
): Promise<number> {
  const { values, root, positionals, output } = context;
  const lab = findLab(root, positionals[0]!);
  const settled = settle(lab, values, root);
  for (const note of settled.link.notes) output.err(`lab: ${note}\n`);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  if (!values.watch) return await runOnce(context, settled, place, signal);
  const programs = [settled.server("server").path, settled.client("server").path];
  while (!signal.aborted) {
    await runOnce(context, settled, place, signal).catch((error) => {
      // A program that is not right yet is what watching is for.
      if (!(error instanceof ProgramError)) throw error;
      output.err(`lab: ${error.message}\n`);
    });
    if (signal.aborted) break;
    output.err("lab: Waiting for a program to change; Ctrl-C ends\n");
    await changeOfAny(programs, signal);
  }
  return 130;
}

/** Everything that can be wrong with what the caller said is found here, before anything is started. */
function settle(lab: Lab, values: RunValues, root: string): Settled {
  const keyboard = values.input !== undefined;
  if (values.input === "-" && values.clients > 1) {
    throw new UsageError(
      "Give --input a file for several clients: one keyboard cannot serve them all",
    );
  }
  if (values.watch && values.input === "-") {
    throw new UsageError(
      "Leave out --watch, or give --input a file: the keyboard cannot be read again",
    );
  }
  if (keyboard) {
    for (const name of ["count", "interval", "size"] as const) {
      if (values[name] === undefined) continue;
      throw new UsageError(
        `Leave out --${name}, or --input: in keyboard mode the lines say what is sent`,
      );
    }
  }
  if (values.input !== undefined && values.input !== "-") inputOf(values.input);
  const client = (host: string) =>
    clientProgram(root, lab, {
      host,
      path: values.client,
      keyboard,
      ...(values.count === undefined ? {} : { count: values.count }),
      ...(values.interval === undefined ? {} : { interval_ms: values.interval }),
      ...(values.size === undefined ? {} : { size_bytes: values.size }),
    });
  const server = (host: string) => serverProgram(root, lab, { path: values.server, host });
  return {
    lab,
    engine: chooseEngine(values, [server("server").spec, client("server").spec]),
    link: planLink(values, lab.manifest.defaults),
    server,
    client,
    out: values.out ?? (Deno.env.get("LAB_OUT") || `${root}/out`),
  };
}

/** Runs once; what an interrupt breaks off, wherever it does, is no fault. */
async function runOnce(
  context: Context<RunValues>,
  settled: Settled,
  place: RunPlace,
  interrupt: AbortSignal,
): Promise<number> {
  try {
    return await runThrough(context, settled, place, interrupt);
  } catch (error) {
    if (interrupt.aborted) return 130;
    throw error;
  }
}

async function runThrough(
  { values, output, root }: Context<RunValues>,
  settled: Settled,
  place: RunPlace,
  interrupt: AbortSignal,
): Promise<number> {
  const { lab } = settled;
  const { id, transport, port } = lab.manifest;
  const commanded = performance.now();
  const started = new Date();
  const notice = (line: string) => output.err(`lab: ${line}\n`);
  const { testbed, visited } = await place.find(values, id, interrupt, notice, {
    engine: settled.engine,
    programs: { server: settled.server("server").spec, client: settled.client("server").spec },
  });
  await using bed = testbed;
  const link = visited ? await asItStands(bed, values, settled) : settled.link;
  const report = new RunReport(output, {
    lab: lab.manifest,
    testbed: bed,
    values,
    visited,
    repeat: (begun, sharers) =>
      place.repeat(root, id, visited ? spelledOut(values, begun) : values, begun, sharers),
    shown: place.shown ?? ((path) => path),
    commanded,
  });
  await using artifacts = await Artifacts.create(settled.out, id, started, notice);
  const client = settled.client(bed.serverAddress).spec;
  const outcome = await runPlan(bed, {
    up: link.up,
    down: link.down,
    server: visited ? null : settled.server(bed.serverAddress).spec,
    proto: transport,
    port,
    clients: Array.from({ length: values.clients }, () => ({
      ...client,
      ...(values.input === undefined ? {} : { input: inputOf(values.input) }),
    })),
    artifacts,
    options: {
      drawnSeeds: link.drawn,
      ...(values.driver !== "auto" && { driver: values.driver }),
    },
    onBegin: (state) => report.begin(planAsBegun(link, state), state),
    onEvent: (event) => report.event(event),
    onLine: (speaker, stream, line) => report.line(speaker, stream, line),
    onSilence: () =>
      notice("Nothing has crossed the link for 10 s, and a client still runs: Ctrl-C ends it"),
    onDisplaced: () =>
      notice(
        `Run it again by itself: another run has begun on ${id}, the link tells no more of this one`,
      ),
    interrupt,
  });
  return report.end(outcome, artifacts, started);
}

/** Spells out what the link of a lab that is up does, so that the command repeats the run on any machine. */
function spelledOut(values: RunValues, link: LinkPlan): RunValues {
  if ([values.netem, values.up, values.down].some((value) => value !== undefined)) return values;
  const [up, down] = [link.up, link.down].map(({ script }) => parseScriptLine(script));
  const standing = formatScript({ up: up!, down: down! });
  const script = values.script ?? (standing || undefined);
  return { ...values, up: link.up.profile, down: link.down.profile, ...(script && { script }) };
}

async function findTestbed(
  values: RunValues,
  id: string,
  signal: AbortSignal,
  onNotice: (line: string) => void,
  { engine, programs }: Wanted,
): Promise<{ testbed: StartedTestbed; visited: boolean }> {
  const up = findUp(id);
  const { clients, driver } = values;
  if (up === null) {
    const options = { lab: id, clients, driver, signal, onNotice, programs };
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
async function asItStands(
  testbed: StartedTestbed,
  values: RunValues,
  settled: Settled,
): Promise<LinkPlan> {
  if ([values.netem, values.up, values.down].some((value) => value !== undefined)) {
    return settled.link;
  }
  const { up, down } = await testbed.show();
  // A seed on the command line starts both directions over; otherwise each keeps its own.
  const text = (profile: string) =>
    values.seed === undefined ? profile : profile.replace(/ ?\bseed \d+/, "");
  const { seed } = values;
  const plan = planLink(
    { up: text(up.profile), down: text(down.profile), seed },
    settled.lab.manifest.defaults,
  );
  if (values.script !== undefined) {
    plan.up.script = settled.link.up.script;
    plan.down.script = settled.link.down.script;
  } else {
    plan.up.script = up.script;
    plan.down.script = down.script;
  }
  return plan;
}
