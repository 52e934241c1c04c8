/** Checks of `client_tcp`: all lines over one connection. */
import {
  type Check,
  checkClientStops,
  checkUnknownHost,
  defineChecks,
  expectExit,
  expectFailure,
} from "../../../src/grade/mod.ts";
import { answer, DATE, expectLine, expectOtherPort, expectResetTold } from "./client_lines.ts";
import { allBytes, beyondAscii, unlikeWords } from "./inputs.ts";
import { stamped } from "./stamp.ts";

const program = "client_tcp";

export const clientTcpChecks: readonly Check[] = defineChecks([
  {
    id: "client-tcp-lines",
    title: "Each line is sent with CRLF over the same connection, and its answer printed",
    points: 3,
    program,
    hint:
      "Send the line without its own end, and CR and LF (0x0D 0x0A) behind it; one connection " +
      "carries all",
    async run(bench) {
      const listener = await bench.listen();
      const client = await bench.startClient();
      const words = ["hello", "once more", "good bye"].map((word) =>
        `${word} ${bench.random.text(4)}`
      );
      await bench.step("it reads a line from its input", () => client.type(words[0]!));
      const stream = await bench.step("it connects", () => listener.accept());
      for (const [i, word] of words.entries()) {
        if (i > 0) await bench.step("it reads the next line", () => client.type(word));
        await bench.step("the line comes, ended by CRLF", async () => {
          const sent = await stream.read(word.length + 1);
          const rest = sent.at(-1) === 0x0d ? await stream.read(1) : [];
          bench.expectBytes(Uint8Array.from([...sent, ...rest]), `${word}\r\n`, "The line");
        });
        await bench.step(
          "the answer is printed",
          async () => client.prints(await answer(stream, word)),
        );
      }
    },
  },
  {
    id: "client-tcp-pieces",
    title: "An answer that comes in pieces is printed whole",
    points: 2,
    program,
    hint: "TCP carries a stream of bytes: one read may bring only a part of the answer. Read on " +
      "until the line's end has come, and only then ask for the next line",
    async run(bench) {
      const words = unlikeWords(bench.random, 3);
      const listener = await bench.listen();
      const client = await bench.startClient({ lines: words });
      const stream = await bench.step("it connects", () => listener.accept());
      for (const word of words) {
        const text = stamped(word, DATE);
        await bench.step("a line comes", () => expectLine(bench, stream, word));
        await bench.step("its answer goes out in four pieces and is printed whole", async () => {
          await stream.sendApart([text.slice(0, 9), text.slice(9, 29), text.slice(29), "\r\n"]);
          await client.prints(text);
        });
      }
    },
  },
  {
    id: "client-tcp-bytes",
    title: "Bytes are sent and printed as they are, whether they are text or not",
    points: 2,
    program,
    hint: "Read bytes, send bytes, print bytes: decoding to text and encoding again changes what " +
      "is no text",
    async run(bench) {
      const lines = [
        ["text beyond ASCII", new TextEncoder().encode(beyondAscii(bench.random))],
        ["all bytes but CR and LF", allBytes(bench.random)],
      ] as const;
      const listener = await bench.listen();
      const client = await bench.startClient({ lines: lines.map(([, data]) => data) });
      const stream = await bench.step("it connects", () => listener.accept());
      for (const [what, data] of lines) {
        await bench.step(`the line comes: ${what}`, async () => {
          bench.expectBytes(await stream.readLine(), data, "The line");
        });
        await bench.step(
          "the answer is printed",
          async () => client.prints(await answer(stream, data)),
        );
      }
    },
  },
  {
    id: "client-tcp-empty-line",
    title: "An empty line ends the client and its connection, and so does the end of its input",
    points: 2,
    program,
    hint:
      "An empty line is not sent: close the connection and exit with status 0. Do the same where " +
      "a read of the input says that it has ended",
    async run(bench) {
      const text = bench.random.words(3, 4);
      const listener = await bench.listen();
      const client = await bench.startClient();
      await bench.step("it reads a line from its input", () => client.type(text));
      const stream = await bench.step("it connects", () => listener.accept());
      await bench.step("the line comes and is answered", async () => {
        await expectLine(bench, stream, text);
        await client.prints(await answer(stream, text));
      });
      await bench.step("it reads an empty line", () => client.type(""));
      await bench.step(
        "it closes the connection and sends nothing before that",
        () => stream.expectEnd(),
      );
      await bench.step("it exits with status 0", () => expectExit(bench, client, 0));
      const other = await bench.startClient({ lines: [] });
      const second = await bench.step("another client connects", () => listener.accept());
      await bench.step("its input has ended: it closes the connection", () => second.expectEnd());
      await bench.step("it exits with status 0", () => expectExit(bench, other, 0));
    },
  },
  {
    id: "client-tcp-lost-server",
    title: "Where the server closes or resets the connection, the client says so: status 1",
    points: 2,
    program,
    hint: "A read of zero bytes is the end of the stream: no answer comes any more, however long " +
      "you wait. A read of a connection that was reset throws: catch that, say it in one line",
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
    id: "client-tcp-refused",
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
    id: "client-tcp-unknown-host",
    title: "A name that does not resolve is one clear line on standard error, and status 1",
    points: 1,
    program,
    hint:
      "Connecting fails where nobody has the name. Catch that, say it in one line, exit with status 1",
    run: checkUnknownHost,
  },
  {
    id: "client-tcp-stop",
    title: "On SIGINT and SIGTERM the client closes its connection and exits with status 0",
    points: 1,
    program,
    hint: "Handle the signal: close the socket, print a line, exit with status 0",
    run: (bench) => checkClientStops(bench),
  },
]);
