/** Checks of `server`: an echo until the client's end, for any number of clients. */
import {
  type Bench,
  type Check,
  checkPort,
  checkStops,
  defineChecks,
  letEnd,
  type Stream,
} from "../../../src/grade/mod.ts";
import { checkBytes, ownClose, readAll, sendAndExpect, served } from "./inputs.ts";

const program = "server";
const MEGABYTES = 8;
const CONNECTIONS = 500;

export const serverChecks: readonly Check[] = defineChecks([
  {
    id: "answers-at-once",
    title: "What a client sends comes back while its connection stays open",
    points: 6,
    program,
    hint: "Send back what a read has brought before you read again. A client that waits for its " +
      "echo sends neither more nor an end",
    async run(bench) {
      const text = bench.random.text(5);
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step("it sends five bytes, without a line end", () => stream.send(text));
      await bench.step("they come back", () => stream.expect(text));
    },
  },
  {
    id: "split-and-merged",
    title: "Bytes come back however they were cut: in pieces, one by one, many lines at once",
    points: 6,
    program,
    hint: "A read may bring a part of what was sent, or more than one message: go on reading and " +
      "sending back until read says that the stream has ended",
    async run(bench) {
      const line = () => `${bench.random.text(5)}\n`;
      const dealt = line();
      const lines = `${line()}${line()}\n${line()}`;
      const cut = line();
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step(
        "it sends a line in two pieces",
        () => stream.sendApart([cut.slice(0, 3), cut.slice(3)]),
      );
      await bench.step("the whole line comes back", () => stream.expect(cut));
      await bench.step("it sends a line byte by byte", () => stream.sendApart([...dealt]));
      await bench.step("the whole line comes back", () => stream.expect(dealt));
      await bench.step("it sends four lines at once", () => stream.send(lines));
      await bench.step("all four come back", () => stream.expect(lines));
    },
  },
  {
    id: "bytes",
    title: "Every byte from 0x00 to 0xFF comes back as it was",
    points: 5,
    program,
    hint:
      "Send back the very bytes that you read, as many as read says: the rest of the buffer is " +
      "not theirs. Decoded to text and encoded again, what is no text becomes something else",
    run: checkBytes,
  },
  {
    id: "half-close",
    title: "A client that ends its stream right behind its last bytes still gets them back",
    points: 6,
    program,
    hint: "A read that returns nothing means that the client will send no more. It may still be " +
      "reading: send back all that came, and close only then",
    async run(bench) {
      const line = `${bench.random.words(3, 4, 5)}\n`;
      // The bytes wait on the wire until the end has overtaken them: the server gets both together.
      await bench.link({ script: "up: hold 3 until 4" });
      await bench.startServer();
      const stream = await connect(bench);
      await bench.step(
        "it sends a line and ends its stream (FIN); both arrive together",
        async () => {
          await stream.send(line);
          await stream.closeWrite();
        },
      );
      await bench.step("the line comes back", () => stream.expect(line));
    },
  },
  {
    id: "slow-reader",
    title: "8 MB come back whole to a client that sends everything before it reads",
    points: 6,
    program,
    hint:
      "While the client does not read, there is soon no room for what you write. A write then " +
      "takes only a part and says how much: write the rest, and close only when all is written",
    async run(bench) {
      await bench.startServer();
      const stream = await connect(bench);
      // Plain text: what no text becomes is another check's subject.
      const part = new TextEncoder().encode(bench.random.text(9_999) + "\n");
      const bytes = new Uint8Array(MEGABYTES * 1_000_000).map((_, i) => part[i % part.length]!);
      const poured = stream.pour(bytes);
      let all = false;
      const ended = poured.done.then(async () => {
        all = true;
        await stream.closeWrite();
      });
      ended.catch(() => {}); // Reading will tell.
      await bench.step(
        "it sends 8 MB, and reads nothing until its window is closed",
        () =>
          bench.until("the server sends until the window is closed", async () => {
            const full = (await bench.packets()).some(({ dir, tcp }) =>
              dir === "up" && tcp?.win === 0
            );
            return all || full || undefined;
          }),
      );
      await bench.step("it ends its stream and reads: every byte comes back", async () => {
        await readAll(bench, stream, bytes);
      });
    },
  },
  {
    id: "closes-sockets",
    title: "After 500 clients, one after another, no connection of theirs is left open",
    points: 5,
    program,
    hint: "Close a connection when its client has ended, also where something went wrong. Until " +
      "then it stays in CLOSE-WAIT and keeps a file descriptor, and those run out",
    async run(bench) {
      const line = `${bench.random.words(5)}\n`;
      await bench.startServer();
      await bench.step("500 clients come, each sends a line, gets it back and closes", async () => {
        let closesItself: boolean | undefined;
        for (let i = 0; i < CONNECTIONS; i++) {
          const stream = await bench.connect();
          await sendAndExpect(stream, line);
          closesItself ??= await ownClose(bench, stream);
          if (closesItself) await stream.closed();
          await stream.close();
        }
      });
      await bench.step("none of these connections is left at the server", () => noneLeft(bench));
    },
  },
  {
    id: "outlives-reset",
    title: "A client whose connection is reset does not end the server",
    points: 5,
    program,
    hint: "A read or a write throws when the client has reset the connection. That ends the work " +
      "for this client; catch it there, and go on with the others",
    run: outlivesReset,
  },
  {
    id: "outlives-empty",
    title: "A client that connects and closes without a word does not end the server",
    points: 4,
    program,
    hint: "The very first read may say that the stream has ended: close this connection, and " +
      "accept the next one",
    run: outlivesEmpty,
  },
  {
    id: "several-clients",
    title: "A silent client keeps nobody waiting: three are served at the same time",
    points: 5,
    program,
    hint: "Do not wait for one client's end before you accept the next: a task, a thread or a " +
      "process for each, or one loop that asks which sockets are ready",
    async run(bench) {
      // Of different lengths: each is another one.
      const line = (length: number) => `${bench.random.words(length)}\n`;
      const [one, two, three] = [line(5), line(6), line(7)];
      await bench.startServer();
      const [silent, second, third] = await bench.step(
        "three clients connect; the first says nothing",
        async () => {
          const streams: Stream[] = [];
          for (const host of [1, 2, 3]) streams.push(await bench.connect({ host }));
          return streams as [Stream, Stream, Stream];
        },
      );
      await bench.step("the third sends a line", () => third.send(three));
      await bench.step("it comes back to the third", () => third.expect(three));
      await bench.step("the second sends a line", () => second.send(two));
      await bench.step("it comes back to the second", () => second.expect(two));
      await bench.step("the first speaks at last", () => silent.send(one));
      await bench.step("its line comes back to the first", () => silent.expect(one));
    },
  },
  {
    id: "stops",
    title: "Ctrl-C and SIGTERM end the server in order: sockets closed, status 0",
    points: 4,
    program,
    hint: "Handle SIGINT (Ctrl-C) and SIGTERM: close the listening socket and every connection, " +
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
      "exit with status 1. The port is what --port says, and 50000 only where it says nothing",
    run: checkPort,
  },
]);

function connect(bench: Bench): Promise<Stream> {
  return bench.step("a client connects", () => bench.connect());
}

async function outlivesReset(bench: Bench) {
  const server = await bench.startServer();
  await bench.step("a client connects, and then resets the connection (RST)", async () => {
    const stream = await bench.connect();
    await letEnd(bench, server); // It waits for the client's bytes by then.
    await stream.reset();
  });
  await served(bench, server);
  await bench.step("a client sends 1 MB, reads nothing, and resets the connection", async () => {
    const stream = await bench.connect();
    stream.pour(new TextEncoder().encode(`${bench.random.words(9)}\n`.repeat(100_000)));
    await bench.until("the server sends something back", async () => {
      const packets = await bench.packets();
      return packets.some(({ dir, tcp, dst }) =>
        dir === "down" && dst === stream.local && (tcp?.len ?? 0) > 0
      ) || undefined;
    });
    await stream.reset();
  });
  await served(bench, server);
}

async function outlivesEmpty(bench: Bench) {
  const server = await bench.startServer();
  await bench.step("a client connects and closes without a word", async () => {
    const stream = await bench.connect();
    await stream.close();
  });
  await served(bench, server);
}

async function noneLeft(bench: Bench) {
  await bench.until("the server has closed every connection whose client has closed", async () => {
    const { CLOSE_WAIT = 0, ESTABLISHED = 0 } = await bench.socketStates();
    return CLOSE_WAIT + ESTABLISHED === 0 || undefined;
  });
}
