/** What `lab run` prints: the run as it goes, then what it came to. */
import type { ProgramExit, StartedTestbed } from "../src/engine/mod.ts";
import { expectedAnswer, type LabManifest } from "../src/lab/mod.ts";
import {
  type DriverReport,
  driverText,
  type LinkBegun,
  type LinkSetting,
} from "../src/link/mod.ts";
import type { LinkEvent } from "../src/packet/mod.ts";
import {
  type Artifacts,
  buildSummary,
  type ExchangeNotice,
  Exchanges,
  type ExchangesOptions,
  firstWrong,
  linkTable,
  noticeLine,
  packetsAround,
  pingStatistics,
  type RunOutcome,
  type Speaker,
  tallyExchanges,
} from "../src/run/mod.ts";
import { ladderText } from "../src/view/mod.ts";
import type { LinkPlan } from "./link_options.ts";
import type { RunValues } from "./run_lab.ts";
import type { Output } from "./verb.ts";

/** What a report is about. */
export interface ReportOptions {
  lab: LabManifest;
  testbed: StartedTestbed;
  values: Pick<RunValues, "json" | "quiet" | "clients" | "count">;
  /** Whether the lab was up before. */
  visited: boolean;
  /** Returns the command line that repeats the run, which so many runners have shared. */
  repeat: (link: LinkPlan, sharers: number) => string;
  /** Returns a path of ours as its user has it. */
  shown: (path: string) => string;
  /** When the command began (performance.now()). */
  commanded: number;
}

/** Says what a run does and did; with `--json` only the summary, on standard output. */
export class RunReport {
  readonly #output: Output;
  readonly #options: ReportOptions;
  readonly #silent: boolean;
  #exchanges = new Exchanges();
  #link!: LinkPlan;
  #driver!: DriverReport;
  #begun = 0;
  #firstSent: number | null = null;
  #firstReply: number | null = null;

  constructor(output: Output, options: ReportOptions) {
    this.#output = output;
    this.#options = options;
    this.#silent = options.values.json || options.values.quiet;
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
    this.#exchanges = new Exchanges({
      ...answerHead(lab.answer),
      timeoutMs: lab.defaults.timeout_ms,
      ...(testbed.clientAddress === undefined
        ? {}
        : { client: testbed.clientAddress, after: state.up.counts.seen }),
    });
    if (this.#silent) return;
    const { bold, dim } = this.#output.style;
    this.#say(`${bold(`${lab.id}, ${lab.title}`)}${visited ? dim(", on the lab that is up") : ""}`);
    this.#say(dim(`engine ${testbed.engine}, ${driverText(state)}`));
    for (const direction of ["up", "down"] as const) {
      const towards = direction === "up" ? "to the server " : "to the clients";
      this.#say(
        dim(`${towards}  ${whatItDoes(link[direction]) || "a perfect wire"}`),
      );
    }
    this.#say("");
  }

  /** Takes the next event of the link. */
  event(event: LinkEvent): void {
    if (event.ev === "begin") this.#begun = performance.now();
    if (event.ev === "packet" && event.dir === "up") {
      this.#firstSent ??= this.#begun + event.t_us / 1000;
    }
    if (event.ev === "packet" && event.dir === "down" && event.copies.length > 0) {
      this.#firstReply ??= this.#begun + event.copies[0]!.at_us / 1000;
    }
    this.#tell(this.#exchanges.push(event));
    if (event.ev === "end") this.#tell(this.#exchanges.finish());
  }

  #tell(notices: ExchangeNotice[]): void {
    if (this.#silent) return;
    const { values, lab } = this.#options;
    for (const notice of notices) {
      const line = noticeLine(notice, {
        timeoutMs: lab.defaults.timeout_ms,
        digits: Math.max(2, String(values.count ?? lab.defaults.count ?? 10).length),
        showClient: values.clients > 1,
        colour: this.#colour,
      });
      this.#say(`${this.#label("link")}${line}`);
    }
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
    const { lab, testbed, commanded, values } = this.#options;
    const link = this.#link;
    const { exchanges } = this.#exchanges;
    const since = (moment: number | null) =>
      moment === null ? null : round((moment - commanded) / 1000);
    const { up, down } = outcome.end;
    const summary = buildSummary(lab.transport === "udp" ? exchanges : null, {
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
    artifacts?.write("summary.json", `${JSON.stringify(summary, null, 2)}\n`);
    if (values.json) this.#say(JSON.stringify(summary, null, 2));
    else this.#close(outcome, artifacts);
    return this.#status(outcome);
  }

  #close(outcome: RunOutcome, artifacts: Artifacts | null): void {
    const { values, repeat } = this.#options;
    const link = this.#link;
    const { exchanges } = this.#exchanges;
    const { bold, dim } = this.#output.style;
    if (!values.quiet) this.#say("");
    this.#say("--- as the link saw it ---");
    for (const line of pingStatistics(tallyExchanges(exchanges))) this.#say(bold(line));
    const asked = (direction: "up" | "down") => whatItDoes(link[direction]);
    this.#say("");
    const { up, down } = outcome.end;
    for (
      const line of linkTable({
        up: { counts: up, asked: asked("up") },
        down: { counts: down, asked: asked("down") },
      })
    ) {
      this.#say(line);
    }
    const { sharers, last } = outcome.end;
    if (sharers > 1) {
      this.#say(
        `${sharers} clients share this run, all counted here${last ? "" : "; others go on"}`,
      );
    }
    if (outcome.end.missed > 0) {
      this.#say(
        `The record missed ${outcome.end.missed} entries under load; ` + (
          this.#driver.driver === "tc"
            ? "the counts above are of what it saw"
            : "the link's counts above are whole"
        ),
      );
    }
    const wrong = firstWrong(exchanges);
    if (wrong !== null && !values.quiet) {
      this.#say("");
      this.#say(bold(`The first exchange that went wrong: number ${wrong.number}`));
      const width = Math.min(100, this.#output.columns);
      for (
        const line of ladderText(packetsAround(wrong, exchanges), { width, colour: this.#colour })
      ) {
        this.#say(line);
      }
    }
    this.#say("");
    this.#say(`seed       ${link.seed || `none; ${this.#driver.why}`}`);
    this.#say(`again      ${repeat(link, sharers)}`);
    if (artifacts !== null) {
      this.#say(dim(`artifacts  ${fromHere(this.#options.shown(artifacts.folder))}`));
    }
  }

  /** One fault is told: the one that the others come from. */
  #status(outcome: RunOutcome): number {
    const fail = (text: string) => {
      this.#output.err(`lab: ${text}\n`);
      return 1;
    };
    if (outcome.interrupted) return 130;
    if (outcome.server !== null) {
      return fail(
        `Keep the server running: it ended during the run, with ${ending(outcome.server)}`,
      );
    }
    const failed = outcome.clients.flatMap((exit, index) =>
      exit.code === 0 ? [] : [{ exit, number: index + 1 }]
    );
    const [first] = failed;
    if (first === undefined) return 0;
    const { up, down } = outcome.end;
    if (up.delivered > 0 && down.seen === 0) {
      return fail(
        `Let the server answer each request: ${up.delivered} reached it, and it sent nothing back`,
      );
    }
    const name = outcome.clients.length > 1 ? `client ${first.number}` : "the client";
    const others = failed.length > 1 ? `, as did ${failed.length - 1} more` : "";
    return fail(`Look at what ${name} printed: it ended with ${ending(first.exit)}${others}`);
  }
}

/** How answers are told apart, where one begins with what follows from its request. */
function answerHead(rule: LabManifest["answer"]): Pick<ExchangesOptions, "answerHead"> {
  return rule === "upper" || rule === "same"
    ? { answerHead: (head) => expectedAnswer(rule, head)! }
    : {};
}

function ending({ code, signal, why }: ProgramExit): string {
  return `${signal ?? `exit status ${code}`}${why === undefined ? "" : `: ${why}`}`;
}

/** Profile and script in one line; a seed alone does nothing. */
function whatItDoes({ profile, script }: LinkSetting): string {
  return [profile.replace(/^seed \d+$/, ""), script].filter((text) => text !== "").join("; ");
}

/** A path as short as it can be typed here. */
function fromHere(path: string): string {
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}

function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
