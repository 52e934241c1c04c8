/** What `lab run` prints: the run as it goes, then what it came to. */
import type { StartedTestbed } from "../src/engine/mod.ts";
import { type LabManifest, stemOf } from "../src/lab/mod.ts";
import { type DriverReport, driverText, type LinkBegun } from "../src/link/mod.ts";
import type { LinkEvent } from "../src/packet/mod.ts";
import {
  type Artifacts,
  buildSummary,
  type ConnectionTeller,
  type DatagramTeller,
  type RunOutcome,
  type Speaker,
  type Summary,
} from "../src/run/mod.ts";
import { fromHere } from "./from_here.ts";
import type { LinkPlan } from "./link_options.ts";
import { NewLogs } from "./new_logs.ts";
import { countLines, pictureLines, whatItDoes } from "./run_closing.ts";
import type { RunValues } from "./run_settle.ts";
import { runStatus } from "./run_status.ts";
import { tellerOf } from "./run_teller.ts";
import type { Output } from "./verb.ts";

/** What a report is about. */
export interface ReportOptions {
  lab: LabManifest;
  testbed: StartedTestbed;
  values: Pick<RunValues, "json" | "quiet" | "clients" | "count">;
  /** Whether the lab was up before. */
  visited: boolean;
  /** Where the server writes its logs, in a lab that shows them. */
  logs?: string;
  /** Returns the command line that repeats the run, which so many runners have shared. */
  repeat: (link: LinkPlan, sharers: number) => string;
  /** Returns a path of ours as its user has it. */
  shown: (path: string) => string;
  /** How its user sees the sockets at the server, once the run is over. */
  look: string;
  /** When the command began (performance.now()). */
  commanded: number;
}

/** Says what a run does and did; with `--json` only the summary, on standard output. */
export class RunReport {
  readonly #output: Output;
  readonly #options: ReportOptions;
  readonly #silent: boolean;
  readonly #logs: NewLogs | null;
  #teller: DatagramTeller | ConnectionTeller;
  #link!: LinkPlan;
  #driver!: DriverReport;
  #begun = 0;
  #firstReply: number | null = null;

  constructor(output: Output, options: ReportOptions) {
    this.#output = output;
    this.#options = options;
    this.#silent = options.values.json || options.values.quiet;
    this.#teller = this.#tellerOf(0);
    this.#logs = options.logs === undefined ? null : new NewLogs(options.logs);
  }

  /** Whether all that clients have begun has come to its end, as far as packets tell. */
  get over(): boolean {
    return this.#teller.over;
  }

  #say(line: string): void {
    this.#output.out(`${line}\n`);
  }

  /** Says what is about to run, over a link that has begun it. */
  begin(link: LinkPlan, state: LinkBegun): void {
    const { lab, testbed, visited } = this.#options;
    this.#link = link;
    this.#driver = state;
    if (state.joined) this.#begun = performance.now() - state.t_us / 1000;
    this.#teller = this.#tellerOf(state.up.counts.seen);
    if (this.#silent) return;
    const { bold, dim } = this.#output.style;
    // A lab with several pairs of programs says which this is.
    const name = lab.variants === undefined ? "" : `, ${stemOf(lab.programs.server)}`;
    const where = visited ? dim(", on the lab that is up") : "";
    this.#say(`${bold(`${lab.id}, ${lab.title}${name}`)}${where}`);
    this.#say(dim(`engine ${testbed.engine}, ${driverText(state)}`));
    for (const direction of ["up", "down"] as const) {
      const towards = direction === "up" ? "to the server " : "to the clients";
      this.#say(
        dim(`${towards}  ${whatItDoes(link[direction]) || "a perfect wire"}`),
      );
    }
    this.#say("");
  }

  /** @param after Packets that had come up before us, where others share the link. */
  #tellerOf(after: number): DatagramTeller | ConnectionTeller {
    const { lab, testbed: { clientAddress: client }, values: { count, clients } } = this.#options;
    return tellerOf(lab, { count, clients, colour: this.#colour, client, after });
  }

  /** Takes the next event of the link. */
  event(event: LinkEvent): void {
    if (event.ev === "begin") this.#begun = performance.now();
    if (event.ev === "packet" && event.dir === "down" && event.copies.length > 0) {
      // On TCP, what opens a connection is no answer yet.
      const answers = event.tcp === undefined || event.tcp.len > 0;
      if (answers) this.#firstReply ??= this.#begun + event.copies[0]!.at_us / 1000;
    }
    const lines = this.#teller.push(event);
    if (this.#silent) return;
    for (const line of lines) this.#say(`${this.#label("link")}${line}`);
  }

  get #colour(): boolean {
    return this.#output.style.bold("x") !== "x";
  }

  #label(who: string): string {
    const width = this.#options.values.clients > 9 ? 8 : this.#options.values.clients > 1 ? 7 : 6;
    return this.#output.style.dim(`${who.padStart(width)} │ `);
  }

  /** Takes a line that a program printed. */
  line(speaker: Speaker, stream: "stdout" | "stderr", line: string): void {
    const { values } = this.#options;
    const who = speaker.role === "server"
      ? "server"
      : values.clients > 1
      ? `client${speaker.number}`
      : "client";
    if (values.json || values.quiet) return;
    const { dim, yellow } = this.#output.style;
    this.#say(`${this.#label(who)}${stream === "stderr" ? yellow(line) : dim(line)}`);
  }

  /** Says what the run came to, and writes its summary; returns the exit status. */
  end(outcome: RunOutcome, artifacts: Artifacts | null, started: Date): number {
    const summary = this.#summarize(outcome, artifacts, started);
    artifacts?.write("summary.json", `${JSON.stringify(summary, null, 2)}\n`);
    if (this.#options.values.json) this.#say(JSON.stringify(summary, null, 2));
    else this.#close(outcome, artifacts);
    const { status, fault } = runStatus(outcome);
    if (fault !== null) this.#output.err(`lab: ${fault}\n`);
    return status;
  }

  #summarize(outcome: RunOutcome, artifacts: Artifacts | null, started: Date): Summary {
    const { lab, testbed, commanded } = this.#options;
    const link = this.#link;
    const since = (moment: number | null) =>
      moment === null ? null : round((moment - commanded) / 1000);
    const { up, down } = outcome.end;
    return buildSummary(this.#teller, {
      lab: lab.id,
      engine: testbed.engine,
      driver: this.#driver.driver,
      kernel: this.#driver.kernel ?? null,
      iproute2: this.#driver.iproute2 ?? null,
      why: this.#driver.why ?? null,
      profile: { up: link.up.profile, down: link.down.profile },
      seed: link.seed === "" ? null : link.seed,
      link: { up, down },
      started: started.toISOString(),
      seconds: {
        setup: since(this.#begun + outcome.listening_ms)!,
        first_reply: since(this.#firstReply),
        total: since(performance.now())!,
      },
      artifacts: artifacts && this.#options.shown(artifacts.folder),
    });
  }

  #close(outcome: RunOutcome, artifacts: Artifacts | null): void {
    const { lab, values, repeat, look, shown } = this.#options;
    const { style, columns } = this.#output;
    const link = this.#link;
    const lines = countLines(this.#teller, outcome, { link, driver: this.#driver.driver, style });
    if (!values.quiet && lines.length > 0) {
      lines.unshift("");
      lines.push(...pictureLines(this.#teller, lab, {
        ...{ width: Math.min(100, columns), colour: this.#colour, style, look },
        sockets: outcome.sockets,
        logs: this.#logs?.lines() ?? [],
      }));
    }
    lines.push(
      "",
      `seed       ${link.seed || `none; ${this.#driver.why}`}`,
      `again      ${repeat(link, outcome.end.sharers)}`,
    );
    if (artifacts !== null) {
      lines.push(style.dim(`artifacts  ${fromHere(shown(artifacts.folder))}`));
    }
    for (const line of lines) this.#say(line);
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
