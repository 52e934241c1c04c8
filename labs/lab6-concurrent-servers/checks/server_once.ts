/** Checks of `server_once`: one message, a line, on each connection. */
import { type Check, checkPort, checkStops, defineChecks } from "../../../src/grade/mod.ts";
import {
  checkBytes,
  checkOutlivesEmpty,
  checkOutlivesReset,
  connect,
  pieces,
  randomLine,
  served,
} from "./inputs.ts";

const program = "server_once";

export const serverOnceChecks: readonly Check[] = defineChecks([
  {
    id: "once-message",
    title: "The server of one message answers a line and closes the connection",
    points: 2,
    program,
    hint: "A message is a line: behind the answer to its line feed (LF, 0x0A), close. The client " +
      "keeps its side open: do not wait for its end",
    async run(bench) {
      const line = randomLine(bench, 5);
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it sends a line", () => stream.send(line));
      await bench.step("the answer comes", () => stream.expect(line.toUpperCase()));
      await bench.step("the server closes the connection", () => stream.expectEnd());
    },
  },
  {
    id: "once-split",
    title: "The server of one message answers a line whole that comes in pieces",
    points: 1,
    program,
    hint: "One read may bring only a part of the line: read and answer on until its line feed " +
      "(LF, 0x0A), and close only then",
    async run(bench) {
      const line = randomLine(bench, 5, 5);
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it sends a line in three pieces", () => stream.sendApart(pieces(line)));
      await bench.step("the whole answer comes", () => stream.expect(line.toUpperCase()));
    },
  },
  {
    id: "once-merged",
    title: "The server of one message answers one line, also where one read brings two",
    points: 1,
    program,
    hint: "One read may bring more than the line: answer up to its line feed (LF, 0x0A), and close",
    async run(bench) {
      const line = randomLine(bench, 3);
      const both = line + randomLine(bench, 3);
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it sends two lines at once", () => stream.send(both));
      await bench.step("the first one's answer comes", () => stream.expect(line.toUpperCase()));
      // What was not read of the second turns the end into a reset: either will do.
      await bench.step("nothing more comes before the close", async () => {
        await stream.closed();
        const bytes = (await bench.packets()).filter(({ dir }) => dir === "down")
          .reduce((sum, { tcp }) => sum + (tcp?.len ?? 0), 0);
        if (bytes > line.length) bench.fail("The second line was answered, too");
      });
    },
  },
  {
    id: "once-next",
    title: "The server of one message serves one client after another",
    points: 1,
    program,
    hint: "Accept the next client after you have closed the connection of the one before: both " +
      "belong into a loop",
    async run(bench) {
      const server = await bench.startServer();
      for (let i = 0; i < 3; i++) await served(bench, server);
    },
  },
  {
    id: "once-bytes",
    title: "The server of one message changes a to z, and no other byte",
    points: 1,
    program,
    hint: "Work on bytes: 0x61 to 0x7A less 0x20, everything else as it is",
    run: checkBytes,
  },
  {
    id: "once-outlives-reset",
    title: "The server of one message goes on when a client resets its connection",
    points: 1,
    program,
    hint: "A read or a write throws when the client has reset the connection: catch that, and go " +
      "on with the next client",
    run: (bench) => checkOutlivesReset(bench, false),
  },
  {
    id: "once-outlives-empty",
    title: "The server of one message goes on when a client closes without a word",
    points: 1,
    program,
    hint: "The very first read may say that the stream has ended: close this connection, and " +
      "accept the next one",
    run: checkOutlivesEmpty,
  },
  {
    id: "once-stops",
    title: "The server of one message ends in order on Ctrl-C and SIGTERM",
    points: 1,
    program,
    hint: "Handle SIGINT (Ctrl-C) and SIGTERM: close the listening socket and the connection, " +
      "print one line, exit with status 0",
    run: checkStops,
  },
  {
    id: "once-port-taken",
    title:
      "The server of one message says that its port is taken, in one line, status 1; --port names another",
    points: 1,
    program,
    hint:
      "Listening throws where the port is taken: catch that, print one line on standard error, " +
      "exit with status 1. The port is what --port says, and 12000 only where it says nothing",
    run: checkPort,
  },
]);
