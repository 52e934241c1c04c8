/** Checks of `client`: many messages on one connection, and their answers printed as they come. */
import {
  type Bench,
  type Check,
  checkClientStops,
  checkUnknownHost,
  defineChecks,
  expectExit,
  expectFailure,
} from "../../../src/grade/mod.ts";
import { pieces } from "./inputs.ts";

const program = "client";

export const clientChecks: readonly Check[] = defineChecks([
  {
    id: "client-lines",
    title: "The client sends each line with its line end, all on one connection",
    points: 1,
    program,
    hint: "Send the line as it was typed, its line end (LF, 0x0A) included, on the connection " +
      "that is already there",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      const lines = [
        ["a line", bench.random.words(5)],
        ["one with blanks in it", bench.random.words(1, 6, 4)],
        ["an empty one", ""],
        ["a last one", bench.random.words(3, 1, 4, 3)],
      ] as const;
      for (const [which, line] of lines) {
        await bench.step(`${which} is typed`, () => client.type(line));
        await bench.step("it arrives with its line end", () => stream.expect(`${line}\n`));
        await stream.send(`${line.toUpperCase()}\n`);
      }
    },
  },
  {
    id: "client-split",
    title: "The client prints an answer whole that comes in pieces",
    points: 1,
    program,
    hint:
      "One read may bring only a part of the answer: read on until as many bytes have come as " +
      "you have sent, and print them without anything in between",
    async run(bench) {
      const line = bench.random.words(5, 5);
      const answer = line.toUpperCase();
      const { client, stream } = await connectedClient(bench);
      await bench.step("a line with a blank in it is typed", () => client.type(line));
      await bench.step("it arrives", () => stream.expect(`${line}\n`));
      await bench.step(
        "its answer goes back in three pieces",
        () => stream.sendApart(pieces(`${answer}\n`)),
      );
      await bench.step("the client prints it whole", () => client.prints(answer));
    },
  },
  {
    id: "client-bytes",
    title: "The client sends and prints bytes that are no text as they are",
    points: 1,
    program,
    hint:
      "Read standard input as bytes, and write the bytes that come back to standard output as " +
      "they are: what is not UTF-8 does not survive decoding",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      // Those at the ends stay: a program may take some for white space.
      const inside = bench.random.shuffled(Uint8Array.from({ length: 126 }, (_, i) => 0x81 + i));
      const line = Uint8Array.of(0x80, ...inside, 0xff);
      await bench.step("a line of the bytes 0x80 to 0xFF is typed", () => client.type(line));
      const sent = Uint8Array.from([...line, 0x0a]);
      await bench.step("it arrives as it is", () => stream.expect(sent));
      await bench.step("its answer goes back in one piece", () => stream.send(sent));
      await bench.step("the client prints it as it is", () => client.prints(line));
    },
  },
  {
    id: "client-ends",
    title: "When its input has ended, the client closes its connection, and ends with status 0",
    points: 1,
    program,
    hint: "At the end of the input close the connection (a FIN, no reset), and exit with status 0",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      await bench.step("a line is typed, and answered", async () => {
        const line = bench.random.words(5);
        await client.type(line);
        await stream.expect(`${line}\n`);
        await stream.send(`${line.toUpperCase()}\n`);
        await client.prints(line.toUpperCase());
      });
      await bench.step("the input ends (Ctrl-D)", () => client.endInput());
      await bench.step("the client closes (FIN)", () => stream.expectEnd());
      await stream.close();
      await bench.step("it exits with status 0", () => expectExit(bench, client, 0));
    },
  },
  {
    id: "client-refused",
    title: "Refused, the client says so in one line and ends with status 1",
    points: 1,
    program,
    hint: "Catch what connect throws: print one line on standard error, exit with status 1",
    async run(bench) {
      const client = await bench.startClient({ lines: [bench.random.words(5)] });
      await bench.step(
        "nobody listens: it says so in one line, status 1",
        () => expectFailure(bench, client),
      );
    },
  },
  {
    id: "client-unknown-host",
    title: "Where a name does not resolve, the client says so in one line and ends with status 1",
    points: 1,
    program,
    hint: "A name that nobody has is an error of connect, or of looking it up: print one line, " +
      "exit with status 1",
    run: checkUnknownHost,
  },
  {
    id: "client-closed",
    title: "Where the server closes before an answer, the client says so and ends with status 1",
    points: 1,
    program,
    hint:
      "A read that returns nothing means that no answer will come any more: print one line on " +
      "standard error, exit with status 1",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      await asks(bench, { client, stream });
      await bench.step("the server closes in order (FIN)", () => stream.close());
      await bench.step(
        "the client says so in one line, status 1",
        () => expectFailure(bench, client),
      );
    },
  },
  {
    id: "client-reset",
    title: "Its connection reset, the client says so in one line and ends with status 1",
    points: 1,
    program,
    hint: "Reads and writes throw when the connection is reset: catch that, print one line, exit " +
      "with status 1",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      await asks(bench, { client, stream });
      await bench.step("the connection is reset (RST)", () => stream.reset());
      await bench.step(
        "the client says so in one line, status 1",
        () => expectFailure(bench, client),
      );
    },
  },
  {
    id: "client-stops",
    title: "Ctrl-C and SIGTERM end the client in order: connection closed, status 0",
    points: 1,
    program,
    hint: "Handle SIGINT and SIGTERM: close the connection, print one line, exit with status 0",
    run: (bench) => checkClientStops(bench),
  },
]);

/** A line is typed, and arrives. */
function asks(bench: Bench, { client, stream }: Awaited<ReturnType<typeof connectedClient>>) {
  return bench.step("a line is typed, and arrives", async () => {
    const line = bench.random.words(5);
    await client.type(line);
    await stream.expect(`${line}\n`);
  });
}

/** A client under test that has connected to us. */
async function connectedClient(bench: Bench) {
  const listener = await bench.listen();
  const client = await bench.startClient();
  const stream = await bench.step("it connects", () => listener.accept());
  return { client, stream };
}
