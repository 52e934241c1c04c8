/** Checks of `server_once`: one message, a line, on each connection. */
import { type Check, checkStops, defineChecks } from "../../../src/grade/mod.ts";
import { checkBytes, checkOutlivesReset, connect, served } from "./inputs.ts";

const program = "server_once";

export const serverOnceChecks: readonly Check[] = defineChecks([
  {
    id: "once-message",
    title: "The server of one message answers a line and closes the connection",
    points: 3,
    program,
    hint: "A message is a line: behind the answer to its line feed (LF, 0x0A), close. The client " +
      "keeps its side open: do not wait for its end",
    async run(bench) {
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it sends a line", () => stream.send("hello\n"));
      await bench.step("the answer comes", () => stream.expect("HELLO\n"));
      await bench.step("the server closes the connection", () => stream.expectEnd());
    },
  },
  {
    id: "once-split",
    title: "The server of one message answers a line whole that comes in pieces",
    points: 3,
    program,
    hint: "One read may bring only a part of the line: read and answer on until its line feed " +
      "(LF, 0x0A), and close only then",
    async run(bench) {
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step(
        "it sends a line in three pieces",
        () => stream.sendApart(["hel", "lo wor", "ld\n"]),
      );
      await bench.step("the whole answer comes", () => stream.expect("HELLO WORLD\n"));
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
    id: "once-stops",
    title: "The server of one message ends in order on Ctrl-C and SIGTERM",
    points: 1,
    program,
    hint: "Handle SIGINT (Ctrl-C) and SIGTERM: close the listening socket and the connection, " +
      "print one line, exit with status 0",
    run: checkStops,
  },
]);
