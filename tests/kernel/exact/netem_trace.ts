/**
 * What netem itself does, by probes on two of its functions: when a packet comes and what the kernel's clock said then,
 * when a packet leaves and what time it had been given. To the nanosecond, in the order of doing.
 */
import { callSites } from "./call_sites.ts";
import { attempt, cstring, libc, must } from "./libc.ts";
import { Did } from "./did.ts";
import { readTracePages } from "./trace_pages.ts";

const O_NONBLOCK = 0o4000, EAGAIN = 11;

const folder = "/sys/kernel/tracing";
const instance = `${folder}/instances/netem`;
const group = "netem_exact";

/** A probe: what it is set on, what it reads, which events count, which kind of event it is. */
interface Probe {
  on: string;
  value?: string;
  filter?: string;
  kind: number;
  /** Where its value lies in the event. */
  at: number;
}

/**
 * A packet's time to leave is the first field of netem's private part of the packet's control block: 40 bytes into the
 * packet, and 8 into the block. The clock is read where its reading comes back to netem.
 */
function probes(): Probe[] {
  const clock = (caller: string, kind: number) =>
    callSites(caller, "ktime_get").map((offset): Probe => ({
      on: `p:NAME ${caller}+${offset}`,
      value: "value=%ax:s64",
      kind,
      at: 16,
    }));
  return [
    { on: "p:NAME netem_enqueue", kind: Did.comes, at: 0 },
    { on: "r:NAME netem_enqueue", value: "value=$retval:s64", kind: Did.answered, at: 24 },
    {
      on: "r:NAME netem_dequeue",
      value: "value=+48($retval):s64 packet=$retval:u64",
      filter: "packet != 0",
      kind: Did.leaves,
      at: 24,
    },
    ...clock("netem_enqueue", Did.cameAt),
    ...clock("netem_dequeue", Did.lookedAt),
  ];
}

/** A trace of all netem qdiscs of the machine, of what happens on the first processor. */
export class NetemTrace implements Disposable {
  readonly #probes = new Map<number, Probe>();
  readonly #pipe: number;
  readonly #others: number[];
  readonly #pageSize: number;

  constructor() {
    Deno.mkdirSync(instance, { recursive: true });
    write(`${instance}/tracing_on`, "0");
    write(`${instance}/buffer_size_kb`, "65536");
    for (const [index, probe] of probes().entries()) {
      const name = `${group}/probe${index}`;
      define(`${probe.on.replace("NAME", name)} ${probe.value ?? ""}`);
      const event = `${instance}/events/${name}`;
      if (probe.filter !== undefined) write(`${event}/filter`, probe.filter);
      write(`${event}/enable`, "1");
      this.#probes.set(Number(Deno.readTextFileSync(`${event}/id`)), probe);
    }
    this.#pageSize = Number(Deno.readTextFileSync(`${instance}/buffer_subbuf_size_kb`)) * 1024;
    const cpus = [...Deno.readDirSync(`${instance}/per_cpu`)].map((entry) => entry.name).sort();
    const [first, ...others] = cpus.map((cpu) =>
      must("open", libc.open(cstring(`${instance}/per_cpu/${cpu}/trace_pipe_raw`), O_NONBLOCK))
    );
    this.#pipe = first!;
    this.#others = others;
  }

  /** Begins to record. */
  begin(): void {
    write(`${instance}/tracing_on`, "1");
  }

  /** What was done since `begin`, as pairs of a kind ({@linkcode Did}) and its value. */
  take(): Float64Array<ArrayBuffer> {
    write(`${instance}/tracing_on`, "0");
    const pages = readAll(this.#pipe, this.#pageSize);
    let elsewhere = 0;
    for (const other of this.#others) {
      readTracePages(readAll(other, this.#pageSize), this.#pageSize, () => elsewhere++);
    }
    if (elsewhere > 0) {
      throw new Error(
        `Stop what else uses netem on this machine: ${elsewhere} events on other processors`,
      );
    }
    let done = new Float64Array(1 << 16);
    let count = 0;
    readTracePages(pages, this.#pageSize, (type, view, at) => {
      if (count + 2 > done.length) {
        const longer = new Float64Array(done.length * 2);
        longer.set(done);
        done = longer;
      }
      const probe = this.#probes.get(type);
      if (probe === undefined) return;
      done[count++] = probe.kind;
      done[count++] = probe.at === 0 ? 0 : Number(view.getBigInt64(at + probe.at, true));
    });
    return done.slice(0, count);
  }

  [Symbol.dispose](): void {
    for (const file of [this.#pipe, ...this.#others]) libc.close(file);
    write(`${instance}/events/${group}/enable`, "0");
    Deno.removeSync(instance);
    for (let index = 0; index < this.#probes.size; index++) define(`-:${group}/probe${index}`);
  }
}

function define(probe: string): void {
  Deno.writeTextFileSync(`${folder}/kprobe_events`, `${probe}\n`, { append: true });
}

function write(path: string, text: string): void {
  Deno.writeTextFileSync(path, text);
}

function readAll(file: number, pageSize: number): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const page = new Uint8Array(pageSize);
    if (!attempt("read", EAGAIN, () => libc.read(file, page, pageSize))) break;
    parts.push(page);
  }
  const pages = new Uint8Array(parts.length * pageSize);
  parts.forEach((part, index) => pages.set(part, index * pageSize));
  return pages;
}
