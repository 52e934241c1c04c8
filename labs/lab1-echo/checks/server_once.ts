/** Checks of `server_once`: one read, one write, close. */
import { type Check, checkPort, checkStops, defineChecks, letEnd } from "../../../src/grade/mod.ts";
import { checkBytes, sendAndExpect, served } from "./inputs.ts";

const program = "server_once";

export const serverOnceChecks: readonly Check[] = defineChecks([
  {
    id: "once-echo",
    title: "The server that reads once sends that back and closes",
    points: 5,
    program,
    hint: "One read, one write of what it brought, close. The client keeps its side open: do not " +
      "wait for its end",
    async run(bench) {
      const text = bench.random.words(5);
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      await bench.step("it sends five bytes, without a line end", () => stream.send(text));
      await bench.step("they come back", () => stream.expect(text));
      await bench.step("the server closes the connection", () => stream.expectEnd());
    },
  },
  {
    id: "once-next",
    title: "The server that reads once serves one client after another",
    points: 4,
    program,
    hint: "Accept the next client after you have closed the connection of the one before: both " +
      "belong into a loop",
    async run(bench) {
      const server = await bench.startServer();
      for (const which of ["first", "second", "third"]) {
        await bench.step(`the ${which} client sends a line and gets it back`, async () => {
          const stream = await bench.connect();
          await sendAndExpect(stream, `${which[0]}${bench.random.words(4)}\n`);
        });
        await letEnd(bench, server);
      }
    },
  },
  {
    id: "once-bytes",
    title: "The server that reads once sends back every byte as it was",
    points: 2,
    program,
    hint: "Write the very bytes that you read, as many as read says, without making text of them",
    run: checkBytes,
  },
  {
    id: "once-outlives",
    title: "The server that reads once outlives clients that reset, or close without a word",
    points: 3,
    program,
    hint:
      "Read and write throw when a client has reset the connection, and a read returns nothing " +
      "when it has closed: neither is the server's end",
    async run(bench) {
      const server = await bench.startServer();
      await bench.step("a client connects, and then resets the connection (RST)", async () => {
        const stream = await bench.connect();
        await letEnd(bench, server); // It waits for the client's bytes by then.
        await stream.reset();
      });
      await letEnd(bench, server);
      await bench.step("a client connects and closes without a word", async () => {
        const stream = await bench.connect();
        await stream.close();
      });
      await served(bench, server);
    },
  },
  {
    id: "once-stops",
    title: "Ctrl-C and SIGTERM end the server that reads once in order",
    points: 2,
    program,
    hint:
      "Handle SIGINT (Ctrl-C) and SIGTERM as in server.ts: the connection that it serves is a " +
      "socket to close, too",
    run: (bench) =>
      checkStops(bench, async (server) => {
        await bench.step("a client is served", async () => {
          const first = await bench.connect();
          await first.send(`${bench.random.words(5)}\n`);
          await first.closeWrite();
          await first.read(6);
          await first.reset(); // What follows an answer is other checks' subject.
        });
        await letEnd(bench, server);
        return await bench.step("another client connects", () => bench.connect());
      }),
  },
  {
    id: "once-port-taken",
    title:
      "Its port taken, the server that reads once ends with status 1; --port names another one",
    points: 2,
    program,
    hint:
      "Listening throws where the port is taken: catch that, print one line on standard error, " +
      "exit with status 1. The port is what --port says, and 50000 only where it says nothing",
    run: checkPort,
  },
]);
