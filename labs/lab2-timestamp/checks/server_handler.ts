/** Checks of `server_handler`: one line a connection, then close. */
import {
  type Bench,
  type Check,
  checkPort,
  checkStops,
  defineChecks,
  type Stream,
} from "../../../src/grade/mod.ts";
import { allBytes, beyondAscii, line, unlikeWords } from "./inputs.ts";
import { checkTime } from "./keeps_time.ts";
import { askInHalves, expectAllClosed, survive } from "./streams.ts";
import { expectAnswer, expectStamped, STAMP_LENGTH } from "./stamp.ts";

const program = "server_handler";

export const serverHandlerChecks: readonly Check[] = defineChecks([
  {
    id: "handler-answer",
    title: "A line is answered with a stamp and the line as it came",
    points: 3,
    program,
    hint: 'An answer is "[", the time as C\'s ctime() prints it, "] ", and then the line as it ' +
      "was received, its CR and LF included",
    async run(bench) {
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      const text = bench.random.text(12);
      await bench.step("it sends a line and reads one", async () => {
        await stream.send(line(text));
        expectStamped(bench, await stream.readLine(), text, "The answer");
      });
      const other = await bench.step("another client connects", () => bench.connect({ host: 2 }));
      await bench.step("the answer to its line ends as the line did, in CR and LF", async () => {
        await other.send(line(text));
        const answer = await other.read(STAMP_LENGTH + text.length + 1);
        const rest = answer.at(-1) === 0x0d ? await other.read(1) : [];
        expectAnswer(bench, Uint8Array.from([...answer, ...rest]), line(text), "The answer");
      });
    },
  },
  {
    id: "handler-clock",
    title: "Each answer has the time at which it was given, by the server's clock and time zone",
    points: 1,
    program,
    hint: "Look at the clock in each call of handle(), and take the local time, as ctime() does",
    async run(bench) {
      await checkTime(bench, {
        ask: async (text) => await ask(bench, await bench.connect(), text),
      });
    },
  },
  {
    id: "handler-closes",
    title: "The connection ends behind the answer, without the client's doing",
    points: 2,
    program,
    hint: "When handle() is done, the server closes the connection: one line each is the protocol",
    async run(bench) {
      await bench.startServer();
      for (const which of ["a client", "another client"]) {
        const stream = await bench.step(`${which} connects`, () => bench.connect());
        await bench.step(
          "it sends a line and reads the answer",
          () => ask(bench, stream, bench.random.words(4, 3)),
        );
        await bench.step("the server ends the stream", () => stream.expectEnd());
        await stream.close();
      }
    },
  },
  {
    id: "handler-pieces",
    title: "A line that comes in pieces is one line",
    points: 2,
    program,
    hint: "TCP carries a stream of bytes: one read may bring only a part of the line. Read on " +
      "until its end has come",
    async run(bench) {
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      const text = bench.random.text(9);
      await bench.step(
        "it sends a line in three pieces, one after another",
        () => stream.sendApart([text.slice(0, 4), text.slice(4), "\r\n"]),
      );
      await bench.step("one answer comes, to the whole line", async () => {
        expectAnswer(bench, await stream.readLine(), text, "The answer");
      });
    },
  },
  {
    id: "handler-bytes",
    title: "Every byte comes back as it was, whether it is text or not",
    points: 1,
    program,
    hint:
      "Data are bytes. Decoded to text and encoded again, 0xFF becomes three other bytes: put " +
      "the stamp in front of the bytes that came",
    async run(bench) {
      await bench.startServer();
      await bench.step(
        "a client sends a line of text beyond ASCII, which comes back",
        async () => ask(bench, await bench.connect(), beyondAscii(bench.random)),
      );
      await bench.step(
        "a client sends all bytes but CR and LF, which come back",
        async () => ask(bench, await bench.connect(), allBytes(bench.random)),
      );
    },
  },
  {
    id: "handler-long-lines",
    title: "Lines of up to 65,536 bytes come back whole",
    points: 2,
    program,
    hint: "A line may be longer than your buffer. Collect its pieces until its end has come, up " +
      "to the 65,536 bytes that the protocol allows. A write of a long answer may take only a part: " +
      "send the rest before you close",
    async run(bench) {
      await bench.startServer();
      for (const size of [1_024, 1_025, 65_536]) {
        await bench.step(
          `a client sends a line of ${size.toLocaleString("en-US")} bytes in two halves`,
          () => askInHalves(bench, bench.random.text(size - 2)),
        );
      }
    },
  },
  {
    id: "handler-survives",
    title: "The server outlives clients that send nothing, stop in mid-line or abort",
    points: 2,
    program,
    hint: "An error in handle() is the end of this one connection: catch it around the call, " +
      "close the connection, go on with the next",
    async run(bench) {
      await survive(bench, await bench.startServer());
      await bench.step(
        "another client is served as if nothing had been",
        async () => ask(bench, await bench.connect({ host: 2 }), bench.random.words(5, 6)),
      );
    },
  },
  {
    id: "handler-side-by-side",
    title: "A silent client keeps nobody waiting",
    points: 2,
    program,
    hint: "A server that waits for one handle() to be done serves nobody else meanwhile. Give " +
      "each handler a task or a thread of its own",
    async run(bench) {
      const [one, two] = unlikeWords(bench.random, 2) as [string, string];
      await bench.startServer();
      const silent = await bench.step("a client connects and sends nothing", () => bench.connect());
      const second = await bench.step("a second one connects", () => bench.connect({ host: 2 }));
      await bench.step(
        "the second sends its line and reads the answer",
        () => ask(bench, second, two),
      );
      await bench.step("so does the first", () => ask(bench, silent, one));
    },
  },
  {
    id: "handler-leaves-none",
    title: "Of 200 connections without a request none stays open in the server",
    points: 2,
    program,
    hint:
      "handle() may end early, or with an error. Close the connection in each case: `finally` " +
      "is the place",
    async run(bench) {
      await bench.startServer();
      await bench.step(
        "200 clients connect and close without a word, one after another",
        async () => {
          for (let i = 0; i < 200; i++) await (await bench.connect({ host: 1 + i % 3 })).close();
        },
      );
      await expectAllClosed(bench);
    },
  },
  {
    id: "handler-stop",
    title: "On SIGINT and SIGTERM the server closes every socket and exits with status 0",
    points: 2,
    program,
    hint: "Handle the signal: close the socket that listens and those of all clients, print a " +
      "line, exit with status 0. A server that cannot listen again at once lacks SO_REUSEADDR",
    run: checkStops,
  },
  {
    id: "handler-port-taken",
    title: "A port that is taken is one clear line and status 1; --port names another one",
    points: 1,
    program,
    hint: "Listening fails where another program has the port. Catch that, say it in one line, " +
      "exit with status 1. The port is what --port says, and 21567 only where it says nothing",
    run: checkPort,
  },
]);

/** Sends a line and compares its answer; returns the stamp's time. */
async function ask(bench: Bench, stream: Stream, text: string | Uint8Array): Promise<string> {
  await stream.send(line(text));
  return expectAnswer(bench, await stream.readLine(), text, "The answer");
}
