/** Checks of `server_tcp`: lines over a stream. */
import {
  type Check,
  checkPort,
  checkStops,
  defineChecks,
  type Stream,
} from "../../../src/grade/mod.ts";
import { allBytes, beyondAscii, line, unlikeWords } from "./inputs.ts";
import { checkTime } from "./keeps_time.ts";
import { expectAnswer, expectStamped, STAMP_LENGTH } from "./stamp.ts";
import { ask, askAlone, askInHalves, expectAllClosed, survive } from "./streams.ts";

const program = "server_tcp";

export const serverTcpChecks: readonly Check[] = defineChecks([
  {
    id: "tcp-answer",
    title: "A line is answered with a stamp and the line as it came",
    points: 2,
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
      await bench.step("it closes the connection", () => stream.close());
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
    id: "tcp-clock",
    title: "Each answer has the time at which it was given, by the server's clock and time zone",
    points: 2,
    program,
    hint: "Look at the clock for each answer anew, and take the local time, as ctime() does",
    async run(bench) {
      let stream: Stream;
      await checkTime(bench, {
        async prepare() {
          stream = await bench.step("a client connects", () => bench.connect());
        },
        async ask(text) {
          await stream.send(line(text));
          return expectAnswer(bench, await stream.readLine(), text, "The answer");
        },
      });
    },
  },
  {
    id: "tcp-many-lines",
    title: "A connection carries many lines, each answered at once",
    points: 2,
    program,
    hint: "Answer each line as soon as its end has come, and then read on in the same connection " +
      "until the client ends it. An empty line is a line: it ends the client, not the connection",
    async run(bench) {
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      for (const place of ["first", "second", "third"]) {
        await bench.step(
          `it sends the ${place} line and reads the answer`,
          () => ask(bench, stream, `${place} ${bench.random.text(6)}`),
        );
      }
      await bench.step("it sends an empty line and reads the answer", () => ask(bench, stream, ""));
      await bench.step("and one more", () => ask(bench, stream, bench.random.words(3, 4)));
    },
  },
  {
    id: "tcp-pieces",
    title: "A line that comes in pieces is one line",
    points: 2,
    program,
    hint:
      "TCP carries a stream of bytes: one read may bring only a part of a line. Read on until " +
      "the line's end has come, with a buffer for each connection",
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
      await bench.step("it sends half a line again and closes", async () => {
        await stream.sendApart([`${bench.random.words(4, 1)} `]);
        await stream.close();
      });
      const other = await bench.step("another client connects", () => bench.connect({ host: 2 }));
      await bench.step("the answer to its line has nothing of the first one's", async () => {
        const own = bench.random.words(4, 5);
        await other.send(line(own));
        expectAnswer(bench, await other.readLine(), own, "The answer");
      });
    },
  },
  {
    id: "tcp-merged",
    title: "Lines that come together are answered one by one",
    points: 2,
    program,
    hint: "One read may bring several lines, and the beginning of another. Keep what stands " +
      "behind a line's end for the next",
    async run(bench) {
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      const texts = ["one", "two", "three"].map((word) => `${word} ${bench.random.text(5)}`);
      const fourth = bench.random.words(4);
      await bench.step(
        "it sends three lines at once and the beginning of a fourth",
        () => stream.send([...texts, fourth.slice(0, 2)].join("\r\n")),
      );
      await bench.step("three answers come, in order", async () => {
        for (const [i, text] of texts.entries()) {
          expectAnswer(bench, await stream.readLine(), text, `Answer ${i + 1}`);
        }
      });
      await bench.step("it sends the rest of the fourth and reads its answer", async () => {
        await stream.send(line(fourth.slice(2)));
        expectAnswer(bench, await stream.readLine(), fourth, "The answer");
      });
    },
  },
  {
    id: "tcp-bytes",
    title: "Every byte comes back as it was, whether it is text or not",
    points: 2,
    program,
    hint:
      "Data are bytes. Decoded to text and encoded again, 0xFF becomes three other bytes: put " +
      "the stamp in front of the bytes that came",
    async run(bench) {
      await bench.startServer();
      await bench.step(
        "a client sends text beyond ASCII, which comes back",
        () => askAlone(bench, beyondAscii(bench.random)),
      );
      await bench.step(
        "a client sends all bytes but CR and LF, which come back",
        () => askAlone(bench, allBytes(bench.random)),
      );
    },
  },
  {
    id: "tcp-long-lines",
    title: "Lines of up to 65,536 bytes come back whole",
    points: 2,
    program,
    hint: "A line may be longer than your buffer. Collect its pieces until its end has come, up " +
      "to the 65,536 bytes that the protocol allows",
    async run(bench) {
      await bench.startServer();
      for (const size of [1_023, 1_024, 1_025, 65_536]) {
        await bench.step(
          `a client sends a line of ${size.toLocaleString("en-US")} bytes in two halves`,
          () => askInHalves(bench, bench.random.text(size - 2)),
        );
      }
    },
  },
  {
    id: "tcp-slow-reader",
    title: "Nothing is lost where a client sends 8 MB before it reads",
    points: 2,
    program,
    hint:
      "While the client does not read, your answers fill the buffers. Then a write takes only " +
      "a part of its bytes, and says how many: the rest is yours to send",
    async run(bench) {
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      const texts = Array.from({ length: 128 }, () => bench.random.text(16).repeat(4_095));
      const all = new TextEncoder().encode(texts.map((text) => `${text}\r\n`).join(""));
      await bench.step("it sends 128 lines of 64 KB until nothing goes any more", async () => {
        let taken = false;
        void stream.pour(all).done.then(() => taken = true, () => taken = true);
        await bench.until("the server takes everything, or stops reading", async () => {
          if (taken) return true;
          // No window: the server does not read, since it cannot write.
          const closed = (await bench.packets()).some(({ dir, tcp }) =>
            dir === "down" && tcp?.win === 0
          );
          return closed ? true : undefined;
        });
      });
      await bench.step("it reads 128 answers, each whole and in order", async () => {
        for (const [i, text] of texts.entries()) {
          expectAnswer(bench, await stream.readLine(), text, `Answer ${i + 1}`);
        }
      });
    },
  },
  {
    id: "tcp-half-close",
    title: "A client that has finished sending still gets every answer, then the end",
    points: 2,
    program,
    hint: "The client's end of stream says that it sends no more, not that it has gone: it still " +
      "reads. Send all answers first, then close",
    async run(bench) {
      // SYN, ACK, data, FIN: the data arrive when the FIN is there already.
      await bench.link({ script: "hold 3 until 4" });
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      const texts = Array.from({ length: 40 }, (_, i) => `${bench.random.words(4)} ${i + 1}`);
      await bench.step("40 lines of it arrive together with the end of its stream", async () => {
        await stream.send(texts.map((text) => `${text}\r\n`).join(""));
        await stream.closeWrite();
      });
      await bench.step("it reads 40 answers", async () => {
        for (const [i, text] of texts.entries()) {
          expectAnswer(bench, await stream.readLine(), text, `Answer ${i + 1}`);
        }
      });
      await bench.step("then the server ends its side, too", () => stream.expectEnd());
    },
  },
  {
    id: "tcp-survives",
    title: "The server outlives clients that send nothing, stop in mid-line or abort",
    points: 2,
    program,
    hint: "A read or a write fails where the client has reset the connection. That is the end of " +
      "this one connection: catch it there, close it, go on",
    async run(bench) {
      await survive(bench, await bench.startServer());
      await bench.step(
        "another client is served as if nothing had been",
        async () => ask(bench, await bench.connect({ host: 2 }), bench.random.words(5, 6)),
      );
    },
  },
  {
    id: "tcp-side-by-side",
    title: "A silent client keeps nobody waiting",
    points: 2,
    program,
    hint: "Whoever waits for one client's next line serves nobody else meanwhile. Give each " +
      "connection a task, a thread or a place in your loop",
    async run(bench) {
      const [one, two, three] = unlikeWords(bench.random, 3) as [string, string, string];
      await bench.startServer();
      const silent = await bench.step("a client connects and sends nothing", () => bench.connect());
      const second = await bench.step("a second one connects", () => bench.connect({ host: 2 }));
      const third = await bench.step("a third one connects", () => bench.connect({ host: 3 }));
      await bench.step(
        "the third sends a line and reads the answer",
        () => ask(bench, third, three),
      );
      await bench.step("so does the second", () => ask(bench, second, two));
      await bench.step("and so does the first", () => ask(bench, silent, one));
    },
  },
  {
    id: "tcp-closes",
    title: "Of 200 connections that clients have closed none stays open in the server",
    points: 2,
    program,
    hint:
      "A read of zero bytes is the end of the stream. A server that does not close its socket " +
      "then keeps a file descriptor for each client that has gone, in CLOSE-WAIT, until it " +
      "has none left",
    async run(bench) {
      await bench.startServer();
      await bench.step("200 clients connect, ask and close, one after another", async () => {
        for (let i = 0; i < 200; i++) {
          const stream = await bench.connect({ host: 1 + i % 3 });
          await stream.send(line(bench.random.words(1)));
          await stream.readLine();
          await stream.close();
        }
      });
      await expectAllClosed(bench);
    },
  },
  {
    id: "tcp-stop",
    title: "On SIGINT and SIGTERM the server closes every socket and exits with status 0",
    points: 2,
    program,
    hint: "Handle the signal: close the socket that listens and those of all clients, print a " +
      "line, exit with status 0. A server that cannot listen again at once lacks SO_REUSEADDR",
    run: checkStops,
  },
  {
    id: "tcp-port-taken",
    title: "A port that is taken is one clear line and status 1; --port names another one",
    points: 1,
    program,
    hint: "Listening fails where another program has the port. Catch that, say it in one line, " +
      "exit with status 1. The port is what --port says, and 21567 only where it says nothing",
    run: checkPort,
  },
]);
