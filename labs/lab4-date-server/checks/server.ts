/** Checks of `server`: it answers with the date, and goes on listening. */
import {
  type Bench,
  type Check,
  checkPort,
  checkStops,
  defineChecks,
  letEnd,
} from "../../../src/grade/mod.ts";
import { answerTo, ask, expectLater, expectNow, expectSilence, pass, REQUEST } from "./date.ts";

const program = "server";
/** Far from UTC, and not by whole hours: neither comes out right by chance. No summer time either. */
const TIME_ZONE = "Asia/Kathmandu";
const CONNECTIONS = 500;

export const serverChecks: readonly Check[] = defineChecks([
  {
    id: "date",
    title: "A request is answered with one line, the date and time of now",
    points: 8,
    program,
    hint: "Look at the clock when you are asked, and answer with a line as RFC 3339 writes it: " +
      "2026-11-21T04:31:00+01:00, and a line feed (LF, 0x0A) behind it",
    async run(bench) {
      await bench.startServer({ timeZone: "UTC" });
      const stream = await connect(bench);
      const answer = await bench.step(
        "it asks, and gets a line for an answer",
        () => ask(stream),
      );
      await bench.step(
        "the line is a date and time in a common format, within 2 s of now",
        () => expectNow(bench, answer, { timeZone: "UTC" }),
      );
    },
  },
  {
    id: "closes",
    title: "Behind its answer, the server closes the connection",
    points: 6,
    program,
    hint: "One request, one answer, close: the end of the stream tells the client that it has all",
    async run(bench) {
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it asks, and gets a line for an answer", () => ask(stream));
      await bench.step("behind the line, the stream ends", () => stream.expectEnd());
    },
  },
  {
    id: "asked-first",
    title: "The server waits until it is asked",
    points: 6,
    program,
    hint: "Read the request before you answer: a client may connect now and ask later",
    async run(bench) {
      const server = await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it says nothing for a second, and nothing comes", async () => {
        await pass(bench, 1_000);
        await letEnd(bench, server); // On a busy machine, that was no time.
        await expectSilence(bench, "The server sent something before it was asked");
      });
      await bench.step("it asks, and gets a line for an answer", () => ask(stream));
    },
  },
  {
    id: "split-request",
    title: "A request that comes in pieces is one request",
    points: 6,
    program,
    hint: "One read may bring only a part of the request: read on until its line feed (LF, 0x0A)",
    async run(bench) {
      const server = await bench.startServer();
      const stream = await connect(bench);
      const [first, rest] = [REQUEST.slice(0, 7), REQUEST.slice(7)];
      await bench.step("it sends the first half of a request, and nothing comes yet", async () => {
        await stream.sendApart([first]);
        await pass(bench, 500);
        await letEnd(bench, server); // On a busy machine, that was no time.
        await expectSilence(bench, "The server answered before the request was complete");
      });
      await bench.step("it sends the other half, and gets a line for an answer", async () => {
        await stream.send(rest);
        await answerTo(stream, Date.now());
      });
    },
  },
  {
    id: "clock-goes-on",
    title: "Two requests, 2 s apart, get two different times",
    points: 8,
    program,
    hint: "Look at the clock anew for each request, when it has come: not once when the server " +
      "starts, nor when a client connects",
    async run(bench) {
      const server = await bench.startServer();
      const first = await bench.step("a client asks", () => askAnew(bench));
      await letEnd(bench, server);
      const stream = await bench.step("another client connects", () => bench.connect());
      await bench.step("2 s pass", () => pass(bench, 2_000));
      const second = await bench.step("it asks", () => ask(stream));
      await bench.step("its answer is later by as much", () => expectLater(bench, first, second));
    },
  },
  {
    id: "time-zone",
    title: "The answer names its offset from UTC, and so the same moment everywhere",
    points: 7,
    program,
    hint: "A date without an offset means another moment in each time zone. Write the local time " +
      "with its offset (+05:45), or UTC with a Z: never the one with the other's mark",
    async run(bench) {
      await bench.startServer({ timeZone: TIME_ZONE });
      const answer = await bench.step(
        `a client asks a server in Kathmandu (TZ=${TIME_ZONE}, +05:45)`,
        () => askAnew(bench),
      );
      await bench.step(
        "the line says which moment it means, and that is now",
        () => expectNow(bench, answer, { timeZone: TIME_ZONE, zoned: true }),
      );
    },
  },
  {
    id: "goes-on",
    title: "The server serves one client after another",
    points: 7,
    program,
    hint: "The listening socket stays open when a connection is closed: accept the next client, " +
      "in a loop",
    async run(bench) {
      const server = await bench.startServer();
      for (const which of ["first", "second", "third"]) {
        await bench.step(`the ${which} client asks, and gets an answer`, () => askAnew(bench));
        await letEnd(bench, server);
      }
    },
  },
  {
    id: "outlives-reset",
    title: "A client whose connection is reset does not end the server",
    points: 6,
    program,
    hint: "A read or a write throws when the client has reset the connection. That ends the work " +
      "for this client; catch it there, and go on with the next",
    async run(bench) {
      const server = await bench.startServer();
      await bench.step("a client connects, and then resets the connection (RST)", async () => {
        const stream = await bench.connect();
        await letEnd(bench, server); // It waits for the client's request by then.
        await stream.reset();
      });
      await letEnd(bench, server);
      await bench.step("the next client asks, and gets an answer", () => askAnew(bench));
      await bench.step("a client sends half a request, then resets the connection", async () => {
        const stream = await bench.connect();
        await stream.sendApart([REQUEST.slice(0, 7)]);
        await stream.reset();
      });
      await letEnd(bench, server);
      await bench.step("the next client asks, and gets an answer", () => askAnew(bench));
    },
  },
  {
    id: "outlives-empty",
    title: "Clients that connect and close without a word do not end the server, nor stay with it",
    points: 5,
    program,
    hint: "The very first read may say that the stream has ended: there is nothing to answer. " +
      "Close this connection too, or it stays in CLOSE-WAIT for ever",
    async run(bench) {
      const server = await bench.startServer();
      await bench.step("a client connects and closes", async () => {
        await (await bench.connect()).close();
      });
      await letEnd(bench, server);
      await bench.step("the next client asks, and gets an answer", () => askAnew(bench));
      await bench.step("500 more, one after another, connect and close", async () => {
        for (let i = 0; i < CONNECTIONS; i++) await (await bench.connect()).close();
      });
      await bench.step(
        "no connection of the 500 is left open at the server",
        () =>
          bench.until(
            "the server has closed every connection whose client has closed",
            async () => {
              const { CLOSE_WAIT = 0 } = await bench.socketStates();
              return CLOSE_WAIT === 0 || undefined;
            },
          ),
      );
    },
  },
  {
    id: "stops",
    title: "Ctrl-C and SIGTERM end the server in order: sockets closed, status 0",
    points: 5,
    program,
    hint: "Handle SIGINT (Ctrl-C) and SIGTERM: close the listening socket and the connection, " +
      "print one line, exit with status 0",
    run: checkStops,
  },
  {
    id: "port-taken",
    title: "Its port taken, the server says so and ends with status 1; --port names another one",
    points: 3,
    program,
    hint:
      "Listening throws where the port is taken: catch that, print one line on standard error, " +
      "exit with status 1. The port is what --port says, and 6015 only where it says nothing",
    run: checkPort,
  },
  {
    // The last of the server's: what it leaves in TIME-WAIT must not be in another check's way.
    id: "restarts",
    title: "Ended and started again at once, the server listens, whatever is in TIME-WAIT",
    points: 6,
    program,
    hint: "Set SO_REUSEADDR on the listening socket before you bind it: connections in TIME-WAIT " +
      "at its port then do not keep it from listening",
    async run(bench) {
      const server = await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it asks, and gets a line for an answer", () => ask(stream));
      await bench.step(
        "the server is killed, and closes first; then the client closes",
        async () => {
          server.kill("SIGKILL");
          await server.ended();
          if (await stream.closed() === "end") await stream.close();
        },
      );
      await timeWait(bench);
      await bench.startServer();
      await bench.step("the next client asks, and gets an answer", () => askAnew(bench));
    },
  },
]);

function connect(bench: Bench) {
  return bench.step("a client connects", () => bench.connect());
}

/** Asks on a new connection, which is left to the server to close. */
async function askAnew(bench: Bench) {
  return await ask(await bench.connect());
}

/** Waits until a connection is in TIME-WAIT at the server. */
async function timeWait(bench: Bench) {
  await bench.step(
    "the connection is in TIME-WAIT at the server's host",
    () =>
      bench.until("a connection is in TIME-WAIT", async () => {
        const { TIME_WAIT = 0 } = await bench.socketStates();
        return TIME_WAIT > 0 || undefined;
      }),
  );
}
