/**
 * The process that keeps a lab up: it owns the testbed and the server, and writes what happens into `lab.log`. It takes
 * its order as a line of JSON on standard input, says in JSON lines what its starter's user should know and, at last,
 * whether the lab is up, and ends at SIGTERM; also where its starter goes before it has said `go`: nobody knows of the
 * lab then.
 */
import {
  type EngineName,
  listStates,
  type ProgramSpec,
  startTestbed,
  UnfitError,
} from "../src/engine/mod.ts";
import { driverText, type DriverWish, LinkRefusal, type LinkSetting } from "../src/link/mod.ts";
import { ProgramError, readLines, serve } from "../src/run/mod.ts";
import { Interrupt } from "./interrupt.ts";
import { LabLog } from "./lab_log.ts";
import { UsageError } from "./verb.ts";

interface Order {
  lab: string;
  /** The pair of programs, by its name. */
  program: string;
  transport: "udp" | "tcp";
  port: number;
  clients: number;
  engine: EngineName | "auto";
  driver: DriverWish;
  up: LinkSetting;
  down: LinkSetting;
  /** Whether their seeds were merely drawn. */
  drawn: boolean;
  server: ProgramSpec;
}

async function keep(): Promise<void> {
  using interrupt = new Interrupt();
  const alone = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, alone.signal]);
  const input = readLines(Deno.stdin.readable)[Symbol.asyncIterator]();
  const order = JSON.parse((await input.next()).value ?? "null") as Order | null;
  if (order === null) return;
  void input.next().then(({ value }) => {
    if (value !== "go") alone.abort(new DOMException("The starter has gone", "AbortError"));
  });
  const { lab, program, clients, driver, engine } = order;
  await using testbed = await startTestbed(engine, {
    lab,
    program,
    clients,
    driver,
    kind: "up",
    signal,
    onNotice: (notice) => say({ notice }),
    programs: { server: order.server },
  });
  refuseSecond(lab);
  using log = new LabLog(`${testbed.control.slice(0, testbed.control.lastIndexOf("/"))}/lab.log`);
  const events = await testbed.events({ signal });
  (async () => {
    for await (const event of events) log.event(event);
  })().catch(() => {});
  const begun = await testbed.begin(order.up, order.down, { drawnSeeds: order.drawn });
  await using server = await serve(testbed, order.server, {
    proto: order.transport,
    port: order.port,
    signal,
    onLine: (_stream, line) => log.line("server", line),
  });
  say({ ok: true, driver: driverText(begun), up: begun.up, down: begun.down });
  await Promise.race([
    new Promise((resolve) => signal.addEventListener("abort", resolve)),
    testbed.broken,
    server.exited.then(async ({ code }) => {
      // A server that has died is a thing to look at: the lab stays up until it is ended.
      log.line(
        "server",
        `ended with exit status ${code}; ./lab down ${lab}, then up, starts it again`,
      );
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }),
  ]);
}

/** Two started in one moment have not seen each other before: now both are listed, and the first stays. */
function refuseSecond(lab: string): void {
  const ups = listStates().filter(({ record }) => record.kind === "up" && record.lab === lab);
  if (ups.length < 2 || ups[0]!.record.owner.pid === Deno.pid) return;
  throw new UsageError(`End it first with ./lab down ${lab}: ${lab} is up already`);
}

function say(answer: object): void {
  console.log(JSON.stringify(answer));
}

function statusOf(error: unknown): number {
  if (error instanceof ProgramError) return 1;
  const asked = [UsageError, UnfitError, LinkRefusal].some((kind) => error instanceof kind);
  return asked ? 2 : 3;
}

try {
  await keep();
  Deno.exit(0);
} catch (error) {
  const { name, message } = error as Error;
  if (name !== "AbortError") {
    say({ ok: false, error: message, status: statusOf(error) });
  }
  Deno.exit(3);
}
