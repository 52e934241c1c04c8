/** Checks of `server`: that it serves, as lab4's does. */
import {
  type Bench,
  type Check,
  checkPort,
  checkStops,
  defineChecks,
} from "../../../src/grade/mod.ts";
import { ask, askDate, question } from "./asking.ts";
import { expectLogs } from "./logs.ts";

const program = "server";
/** Far from UTC, and not by whole hours: neither comes out right by chance. No summer time either. */
const TIME_ZONE = "Asia/Kathmandu";
const SILENT = 100;

export const servingChecks: readonly Check[] = defineChecks([
  {
    id: "date",
    title: "Each answer is a line, the date and time of now",
    points: 3,
    program,
    hint: "As in lab4: look at the clock for each request, and answer with a line that names the " +
      "offset from UTC: 2026-11-21T04:31:00+01:00",
    async run(bench) {
      await bench.startServer({ timeZone: TIME_ZONE });
      const first = await bench.step(
        `a client asks a server in Kathmandu (TZ=${TIME_ZONE}, +05:45); the answer is now`,
        () => askDate(bench, TIME_ZONE),
      );
      const from = performance.now();
      await bench.step(
        "more than a second passes",
        () =>
          bench.until("the clock goes on", () => performance.now() >= from + 1_100 || undefined),
      );
      await bench.step("another client's answer is a later one", async () => {
        if (await askDate(bench, TIME_ZONE) === first) bench.fail("Both answers are the same");
      });
    },
  },
  {
    id: "closes",
    title: "The server closes each connection: behind its answer, and where nobody asks",
    points: 3,
    program,
    hint: "One request, one answer, close. And a client may close without a word: close this " +
      "connection too, or it stays in CLOSE-WAIT for ever",
    async run(bench) {
      await bench.startServer();
      const stream = await bench.step("a client asks, and gets its answer", async () => {
        const stream = await bench.connect();
        await stream.send("What time is it?\n");
        await stream.readLine();
        return stream;
      });
      await bench.step("behind the line, the stream ends", () => stream.expectEnd());
      await bench.step(`${SILENT} clients, one after another, connect and close`, async () => {
        for (let i = 0; i < SILENT; i++) await (await bench.connect()).close();
      });
      await bench.step("no connection of theirs is left open", () => noneWaits(bench));
    },
  },
  {
    id: "side-by-side",
    title: "A silent client keeps nobody waiting",
    points: 3,
    program,
    hint: "Whoever waits for one client's request serves nobody else meanwhile. Give each " +
      "connection a task, a thread or a place in your loop",
    async run(bench) {
      await bench.startServer();
      const silent = await bench.step("a client connects and says nothing", () => bench.connect());
      await bench.step("another one asks, and gets its answer", () => ask(bench, { host: 2 }));
      await bench.step("the first asks, and gets its answer", async () => {
        await silent.send(`${question(bench)}\n`);
        await silent.readLine();
      });
      await bench.step("both are logged", () => expectLogs(bench, [0, 1]));
    },
  },
  {
    id: "stops",
    title: "Ctrl-C and SIGTERM end the server in order: sockets closed, status 0",
    points: 3,
    program,
    hint: "Handle SIGINT (Ctrl-C) and SIGTERM: close the listening socket and all connections, " +
      "print one line, exit with status 0",
    run: checkStops,
  },
  {
    id: "port-taken",
    title: "Its port taken, the server says so and ends with status 1; --port names another one",
    points: 2,
    program,
    hint:
      "Listening throws where the port is taken: catch that, print one line on standard error, " +
      "exit with status 1. The port is what --port says, and 6015 only where it says nothing",
    run: checkPort,
  },
]);

/** Waits until no connection is left whose client has closed and whose server has not. */
async function noneWaits(bench: Bench) {
  await bench.until("the server has closed every connection whose client has closed", async () => {
    const { CLOSE_WAIT = 0 } = await bench.socketStates();
    return CLOSE_WAIT === 0 || undefined;
  });
}
