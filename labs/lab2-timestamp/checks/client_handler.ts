/** Checks of `client_handler`: a connection for each line. */
import {
  type Check,
  checkClientStops,
  checkUnknownHost,
  defineChecks,
  expectExit,
  expectFailure,
} from "../../../src/grade/mod.ts";
import { answer, DATE, expectLine, expectOtherPort, expectResetTold } from "./client_lines.ts";
import { stamped } from "./stamp.ts";

const program = "client_handler";

export const clientHandlerChecks: readonly Check[] = defineChecks([
  {
    id: "client-handler-lines",
    title: "Each line goes over a connection of its own, and its answer is printed",
    points: 2,
    program,
    hint: "The server closes the connection behind each answer: connect anew for the next line",
    async run(bench) {
      const { random } = bench;
      const listener = await bench.listen();
      const client = await bench.startClient();
      for (const word of [random.words(5), random.words(4, 4), random.words(4, 3)]) {
        await bench.step("it reads a line from its input", () => client.type(word));
        const stream = await bench.step("it connects", () => listener.accept());
        await bench.step("the line comes", () => expectLine(bench, stream, word));
        await bench.step(
          "the answer goes out, the stream ends, the answer is printed",
          async () => {
            const text = await answer(stream, word);
            await stream.closeWrite();
            await client.prints(text);
          },
        );
        await bench.step("the client closes this connection, too", () => stream.expectEnd());
      }
    },
  },
  {
    id: "client-handler-pieces",
    title: "An answer that comes in pieces is printed whole",
    points: 1,
    program,
    hint: "TCP carries a stream of bytes: one read may bring only a part of the answer. Read on " +
      "until the line's end, or the stream's",
    async run(bench) {
      const word = bench.random.words(5);
      const listener = await bench.listen();
      const client = await bench.startClient({ lines: [word] });
      const stream = await bench.step("it connects", () => listener.accept());
      await bench.step("the line comes", () => expectLine(bench, stream, word));
      await bench.step("its answer goes out in four pieces and is printed whole", async () => {
        const text = stamped(word, DATE);
        await stream.sendApart([text.slice(0, 9), text.slice(9, 29), text.slice(29), "\r\n"]);
        await stream.closeWrite();
        await client.prints(text);
      });
    },
  },
  {
    id: "client-handler-empty-line",
    title: "An empty line ends the client without another connection, and so does its input's end",
    points: 1,
    program,
    hint:
      "An empty line is not sent: exit with status 0. Do the same where a read of the input says " +
      "that it has ended",
    async run(bench) {
      const client = await bench.startClient();
      await bench.step("it reads an empty line", () => client.type(""));
      await bench.step("it exits with status 0", () => expectExit(bench, client, 0));
      const other = await bench.startClient({ lines: [] });
      await bench.step(
        "the input of another one has ended: it exits with status 0",
        () => expectExit(bench, other, 0),
      );
    },
  },
  {
    id: "client-handler-lost-server",
    title: "Where the connection ends or is reset without an answer, the client says so: status 1",
    points: 1,
    program,
    hint: "The end of the stream is the end of the answer only if an answer has come. If nothing " +
      "has, say so on standard error. A read of a connection that was reset throws: catch that",
    async run(bench) {
      const word = bench.random.words(5);
      const listener = await bench.listen();
      const client = await bench.startClient();
      await bench.step("it reads a line from its input", () => client.type(word));
      const stream = await bench.step("it connects", () => listener.accept());
      await bench.step("the line comes", () => expectLine(bench, stream, word));
      await bench.step("the server closes the connection without an answer", () => stream.close());
      await bench.step(
        "the client says so on standard error, and exits with an error",
        () => expectFailure(bench, client),
      );
      await expectResetTold(bench, listener);
    },
  },
  {
    id: "client-handler-refused",
    title: "A refused connection is one clear line on standard error, and status 1",
    points: 1,
    program,
    hint:
      "Connecting fails where nobody listens. Catch that, say it in one line, exit with status 1. " +
      "Connect to the port that --port names",
    async run(bench) {
      const client = await bench.startClient({ lines: [bench.random.words(5)] });
      await bench.step(
        "nobody listens: it says so on standard error, and exits with an error",
        () => expectFailure(bench, client),
      );
      await expectOtherPort(bench);
    },
  },
  {
    id: "client-handler-unknown-host",
    title: "A name that does not resolve is one clear line on standard error, and status 1",
    points: 1,
    program,
    hint:
      "Connecting fails where nobody has the name. Catch that, say it in one line, exit with status 1",
    run: checkUnknownHost,
  },
  {
    id: "client-handler-stop",
    title: "On SIGINT and SIGTERM the client closes its connection and exits with status 0",
    points: 1,
    program,
    hint: "Handle the signal: close the socket, print a line, exit with status 0",
    run: (bench) => checkClientStops(bench),
  },
]);
