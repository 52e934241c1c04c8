/** What `lab run` does: plan, testbed, run, report; once, or again at each change of a program. */
import { resolve } from "node:path";
import { findLab } from "../src/lab/mod.ts";
import { Artifacts, ProgramError, runPlan } from "../src/run/mod.ts";
import { compareOnce } from "./compare_lab.ts";
import { Interrupt } from "./interrupt.ts";
import { planAsBegun } from "./link_options.ts";
import { asItStands, type RunPlace, spelledOut, thisMachine } from "./run_place.ts";
import { RunReport } from "./run_report.ts";
import { type RunValues, settle, type Settled } from "./run_settle.ts";
import { ProgramWatch } from "./run_watch.ts";
import type { Context } from "./verb.ts";

/** Runs a lab as its options say; returns the exit status. */
export async function runLab(
  context: Context<RunValues>,
  place: RunPlace = thisMachine,
): Promise<number> {
  const { values, root, positionals, output } = context;
  const lab = findLab(root, positionals[0]!);
  const settled = settle(lab, values, root, place.standing(lab.manifest.id));
  for (const note of settled.link.notes) output.err(`lab: ${note}\n`);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  if (!values.watch) return await runOnce(context, settled, place, signal);
  const programs = settled.pairs.flatMap((
    { server, client },
  ) => [server("server").path, client("server").path]);
  using watch = new ProgramWatch(programs, resolve(settled.out));
  while (!signal.aborted) {
    await runOnce(context, settled, place, signal).catch((error) => {
      // A program that is not right yet is what watching is for.
      if (!(error instanceof ProgramError)) throw error;
      output.err(`lab: ${error.message}\n`);
    });
    if (signal.aborted) break;
    output.err("lab: Waiting for a program to change; Ctrl-C ends\n");
    await watch.next(signal);
  }
  return 130;
}

/** Runs once; what an interrupt breaks off, wherever it does, is no fault. */
async function runOnce(
  context: Context<RunValues>,
  settled: Settled,
  place: RunPlace,
  interrupt: AbortSignal,
): Promise<number> {
  try {
    const run = settled.compared ? compareOnce : runThrough;
    return await run(context, settled, place, interrupt);
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
  const [pair] = settled.pairs;
  const { lab, server, client, input } = pair;
  const { id, transport, port, defaults, shows } = lab.manifest;
  const commanded = performance.now();
  const started = new Date();
  const notice = (line: string) => output.err(`lab: ${line}\n`);
  const { testbed, visited } = await place.find(values, id, interrupt, notice, {
    engine: settled.engine,
    programs: { server: server("server").spec, client: client("server").spec },
    // A FIN of the client's that is lost comes again when the client has long gone.
    hostsStay: transport === "tcp",
  });
  await using bed = testbed;
  const link = visited
    ? await asItStands(bed, values, { link: settled.link, defaults })
    : settled.link;
  const report = new RunReport(output, {
    lab: lab.manifest,
    testbed: bed,
    values,
    visited,
    ...(shows?.includes("logs") && { logs: `${resolve(settled.out)}/${id}/logs` }),
    repeat: (begun, sharers) =>
      place.repeat(root, id, visited ? spelledOut(values, begun, pair) : values, begun, sharers),
    shown: place.shown ?? ((path) => path),
    look: place.look(id, visited),
    commanded,
  });
  await using artifacts = await Artifacts.create(settled.out, id, started, notice);
  const { spec } = client(bed.serverAddress);
  const outcome = await runPlan(bed, {
    up: link.up,
    down: link.down,
    server: visited ? null : server(bed.serverAddress).spec,
    proto: transport,
    port,
    clients: Array.from({ length: values.clients }, () => ({ ...spec, input: input() ?? "none" })),
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
    isOver: () => report.over,
    onDisplaced: () =>
      notice(
        `Run it again by itself: another run on ${id} came in between, the link tells no more of this one`,
      ),
    interrupt,
  });
  return report.end(outcome, artifacts, started);
}
