/** `lab run` where a lab compares programs: each runs on the same testbed with the same seed, then a table. */
import type { StartedTestbed } from "../src/engine/mod.ts";
import { Artifacts, type Compared, comparisonTable } from "../src/run/mod.ts";
import { driverText, type LinkBegun } from "../src/link/mod.ts";
import { comparePair } from "./compare_pair.ts";
import { fromHere } from "./from_here.ts";
import { planAsBegun } from "./link_options.ts";
import { asItStands, type RunPlace, spelledOut } from "./run_place.ts";
import type { RunValues, Settled, SettledPair } from "./run_settle.ts";
import { settingText } from "./setting_text.ts";
import type { Context, Output } from "./verb.ts";

/** Runs a lab's pairs one after the other, and prints what they came to; returns the exit status. */
export async function compareOnce(
  { values, output, root }: Context<RunValues>,
  settled: Settled,
  place: RunPlace,
  interrupt: AbortSignal,
): Promise<number> {
  const { lab, pairs, out } = settled;
  const { id, defaults } = lab.manifest;
  const started = new Date();
  const notice = (line: string) => output.err(`lab: ${line}\n`);
  const [{ server, client }] = pairs;
  const { testbed, visited } = await place.find(values, id, interrupt, notice, {
    engine: settled.engine,
    programs: { server: server("server").spec, client: client("server").spec },
  });
  await using bed = testbed;
  let link = visited
    ? await asItStands(bed, values, { link: settled.link, defaults })
    : settled.link;
  await using artifacts = await Artifacts.create(out, id, started, notice);
  const report = new ComparisonReport(output, values, bed);
  const runs: Compared[] = [];
  for (const pair of pairs) {
    await using part = await artifacts?.part(pair.name) ?? null;
    const run = await comparePair(bed, pair, {
      link,
      visited,
      driver: values.driver,
      artifacts: part,
      interrupt,
      onBegin: (state) => {
        // The first draws for all: the others get what it got.
        link = planAsBegun(link, state);
        report.begin(pair, state, runs.length === 0);
      },
      onLine: (text) => report.line(text),
      onDisplaced: () =>
        notice(
          `Run it again by itself: another run on ${id} came in between, the link tells no more of ${pair.name}`,
        ),
    }).catch((error) => {
      if (interrupt.aborted && runs.length > 0) return null;
      throw error;
    });
    if (run === null) break;
    runs.push(run);
    report.ended(run);
    // What there is by then is told.
    if (interrupt.aborted) break;
  }
  const comparison = {
    lab: id,
    engine: bed.engine,
    profile: { up: link.up.profile, down: link.down.profile },
    seed: link.seed === "" ? null : link.seed,
    started: started.toISOString(),
    programs: runs,
    artifacts: artifacts && (place.shown?.(artifacts.folder) ?? artifacts.folder),
  };
  const json = JSON.stringify(comparison, null, 2);
  artifacts?.write("comparison.json", `${json}\n`);
  if (values.json) output.out(`${json}\n`);
  else {
    report.end(runs, {
      seed: link.seed,
      again: place.repeat(root, id, visited ? spelledOut(values, link, pairs[0]) : values, link, 1),
      artifacts: comparison.artifacts,
    });
  }
  if (interrupt.aborted) return 130;
  const faulty = runs.filter(({ fault }) => fault !== null);
  for (const { name, fault } of faulty) notice(`${fault} (${name})`);
  return faulty.length === 0 ? 0 : 1;
}

/** Says which program runs, and at last what they came to. */
class ComparisonReport {
  readonly #output: Output;
  readonly #values: RunValues;
  readonly #testbed: StartedTestbed;

  constructor(output: Output, values: RunValues, testbed: StartedTestbed) {
    this.#output = output;
    this.#values = values;
    this.#testbed = testbed;
  }

  #say(text: string): void {
    this.#output.out(`${text}\n`);
  }

  begin({ name, lab: { manifest }, mode }: SettledPair, state: LinkBegun, first: boolean): void {
    if (this.#values.json || this.#values.quiet) return;
    const { bold, dim } = this.#output.style;
    if (first) {
      this.#say(bold(`${manifest.id}, ${manifest.title}`));
      this.#say(dim(`engine ${this.#testbed.engine}, ${driverText(state)}`));
      this.#say(dim(`to the server   ${settingText(state.up)}`));
      this.#say(dim(`to the clients  ${settingText(state.down)}`));
      this.#say("");
    }
    const { defaults, lines = [] } = manifest;
    const swarm = this.#values.swarm ?? defaults.swarm;
    const what = mode === "swarm"
      ? `${swarm} connections, ${this.#values.count ?? defaults.count} messages on each`
      : `${lines.length} lines`;
    this.#say(`${bold(name)} over ${manifest.transport.toUpperCase()}: ${what}`);
  }

  /** Takes a line that a program has printed on standard error. */
  line(text: string): void {
    if (this.#values.json || this.#values.quiet) return;
    this.#say(this.#output.style.yellow(`  ${text}`));
  }

  ended({ fault }: Compared): void {
    if (this.#values.json || this.#values.quiet || fault === null) return;
    this.#say(this.#output.style.red(`  ${fault}`));
  }

  end(
    runs: readonly Compared[],
    told: { seed: string; again: string; artifacts: string | null },
  ): void {
    const { bold, dim } = this.#output.style;
    if (!this.#values.quiet) this.#say("");
    const [headings, ...rows] = comparisonTable(runs);
    this.#say(bold(headings!));
    for (const row of rows) this.#say(row);
    this.#say("");
    this.#say(`seed       ${told.seed || "none; the driver follows none"}`);
    this.#say(`again      ${told.again}`);
    if (told.artifacts !== null) this.#say(dim(`artifacts  ${fromHere(told.artifacts)}`));
  }
}
