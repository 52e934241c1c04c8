/** How the programs of every lab end: on a signal, or where they cannot do their part. For checks. */
import type { Bench, Stream, TestedProgram } from "./check.ts";
import { patient } from "./peer/patience.ts";

/** Waits for a program's end; fails unless it exits by itself, with this status. */
export async function expectExit(
  bench: Bench,
  program: TestedProgram,
  status: number,
): Promise<void> {
  const { code, signal } = await program.ended();
  const wanted = `where it should exit with status ${status}`;
  if (signal !== null) bench.fail(`It was ended by ${signal}, ${wanted}`);
  if (code !== status) bench.fail(`It exited with status ${code}, ${wanted}`);
}

/**
 * Waits for the end of a program that cannot do its part; fails unless it exits with status 1 and leaves one line on
 * standard error: a message for its user, not a trace for its author.
 */
export async function expectFailure(bench: Bench, program: TestedProgram): Promise<void> {
  await expectExit(bench, program, 1);
  const lines = program.output
    .filter(({ stream, text }) => stream === "stderr" && text.trim() !== "");
  if (lines.length === 1) return;
  const printed = lines.length === 0 ? "nothing" : `${lines.length} lines`;
  bench.fail(`It printed ${printed} on standard error, where one line should say what is wrong`);
}

/** Starts a server whose port is taken: it says so in one line, and exits with status 1. On another one, it listens. */
export async function checkPort(bench: Bench): Promise<void> {
  const { transport } = bench.lab;
  await bench.step(
    "its port is taken by another program",
    async () => void await (transport === "udp" ? bench.serveDatagrams() : bench.listen()),
  );
  const server = await bench.startServer({ listens: false });
  await bench.step(
    "it says so in one line on standard error and exits with status 1",
    () => expectFailure(bench, server),
  );
  await bench.startServer({ port: bench.port + 1 });
}

/** Ticks of patience for a datagram's answer, which is not asked for here: 1 s. */
const UNANSWERED = 20;
const SIGNALS = [["SIGINT", "Ctrl-C (SIGINT)"], ["SIGTERM", "SIGTERM"]] as const;

/**
 * Stops a client of TCP, once by each signal, while it waits for the answer to what was typed: it closes its connection
 * and exits with status 0.
 */
export async function checkClientStops(
  bench: Bench,
  line = bench.random.words(5),
): Promise<void> {
  const listener = await bench.listen();
  for (const [signal, name] of SIGNALS) {
    const client = await bench.startClient();
    const stream = await bench.step("a line is typed, and arrives", async () => {
      await client.type(line);
      const stream = await listener.accept();
      await stream.expect(line);
      return stream;
    });
    // Many a right program misses a signal that comes between its looking for one and its waiting for the server.
    await letEnd(bench, client);
    await bench.step(name, () => client.kill(signal));
    await bench.step("the connection is closed", () => stream.closed());
    await bench.step("the client exits with status 0", () => expectExit(bench, client, 0));
  }
}

/**
 * Starts a client with the name of a host that has no address: it says so in one line, and exits with status 1. For TCP
 * and UDP.
 */
export async function checkUnknownHost(bench: Bench): Promise<void> {
  const args = ["--host", "no-such-host.invalid"];
  const client = await bench.startClient({ args, lines: [bench.random.words(5)] });
  await bench.step(
    "no-such-host.invalid has no address: one line, status 1",
    () => expectFailure(bench, client),
  );
}

/**
 * Stops a server of TCP, once by each signal, while a client is connected: all of its sockets are closed.
 *
 * A server may listen a moment before it handles signals: it gets none before it has dealt with a client. And where it
 * ends by itself, no signal has stopped it.
 *
 * @param come Brings the client that is connected then. Without it, one whose beginning of a line has been read.
 */
export async function checkStops(
  bench: Bench,
  come: (server: TestedProgram) => Promise<Stream> = () => beginLine(bench),
): Promise<void> {
  for (const [signal, name] of SIGNALS) {
    const server = await bench.startServer();
    const stream = await come(server);
    await bench.step("the server goes on", () => expectGoesOn(bench, server));
    await bench.step(`${name}, while the client is connected`, () => server.kill(signal));
    await bench.step("the server exits with status 0", () => expectExit(bench, server, 0));
    await bench.step("the client's connection is closed", async () => {
      await stream.closed();
      // Nothing is to be left at the port: a server that cannot listen beside that is another check's subject.
      await stream.reset();
    });
    await expectPortFree(bench);
  }
}

async function beginLine(bench: Bench): Promise<Stream> {
  const stream = await bench.step("a client connects", () => bench.connect());
  await bench.step(
    "it sends the beginning of a line",
    () => stream.sendApart([bench.random.words(3)]),
  );
  return stream;
}

/** Stops a server of UDP, once by each signal, when it has answered a datagram, or a second has passed without. */
export async function checkDatagramServerStops(bench: Bench): Promise<void> {
  for (const [signal, name] of SIGNALS) {
    const server = await bench.startServer();
    const client = await bench.datagrams();
    await bench.step("a datagram comes", async () => {
      await client.send(bench.random.words(5));
      await letPass(
        bench,
        UNANSWERED,
        async () => !server.runs || (await client.pending()).length > 0,
      );
    });
    await bench.step("the server goes on", () => expectGoesOn(bench, server));
    await bench.step(name, () => server.kill(signal));
    await bench.step("the server exits with status 0", () => expectExit(bench, server, 0));
    await expectPortFree(bench);
  }
}

/** Fails where a server ends by itself. */
async function expectGoesOn(bench: Bench, server: TestedProgram): Promise<void> {
  await letEnd(bench, server);
  if (!server.runs) bench.fail("The server has ended by itself, before any signal came");
}

/**
 * Once a program has ended, fails where something still listens on its port: helpers that it started may end a moment
 * after it. A step of its own.
 */
export async function expectPortFree(bench: Bench): Promise<void> {
  await bench.step("nothing listens on the port any more", () =>
    bench.until(
      "nothing listens on the port",
      async () => await bench.isListening() ? undefined : true,
    ));
}

/** Ticks of patience for a program that is never at rest: 1 s. */
const RESTLESS = 20;
/** Ticks of patience where nobody can tell whether it is: 300 ms. */
const MOMENT = 6;

/**
 * Waits until a program has dealt with what has happened: it waits for what comes next, or what happened has ended it.
 * Whoever comes next then meets the same each time, however long a busy machine takes.
 */
export async function letEnd(bench: Bench, program: TestedProgram): Promise<void> {
  const ticks = program.runs && await program.rests() === null ? MOMENT : RESTLESS;
  await letPass(
    bench,
    ticks,
    async () => !program.runs || (await bench.haveArrived() && await program.rests() === true),
  );
}

/** Waits until something is so, or so many ticks of patience have passed. */
export async function letPass(
  bench: Bench,
  ticks: number,
  look: () => boolean | Promise<boolean> = () => false,
): Promise<void> {
  let over = false;
  const off = patient.start(ticks, () => over = true);
  try {
    await bench.until("a moment passes", async () => over || await look() || undefined);
  } finally {
    off();
  }
}
