/** Checks of `client`: what it sends, and that it prints what comes back. */
import {
  type Bench,
  type Check,
  checkClientStops,
  checkUnknownHost,
  defineChecks,
  expectExit,
  expectFailure,
} from "../../../src/grade/mod.ts";
import { everyByte, readAll } from "./inputs.ts";

const program = "client";
const LINE_FEED = 0x0a;

export const clientChecks: readonly Check[] = defineChecks([
  {
    id: "client-lines",
    title: "The client sends each line with its line end, all on one connection",
    points: 5,
    program,
    hint:
      "Send the line as it was typed, its line end (LF, 0x0A) included, on the connection that " +
      "is already there",
    async run(bench) {
      const { random } = bench;
      const lines = [
        ["a line", random.words(5)],
        ["a line with blanks in it", random.words(1, 6, 4)],
        ["an empty line", ""],
        ["a last line", random.words(3, 1, 4, 3)],
      ] as const;
      const { client, stream } = await connectedClient(bench);
      for (const [what, line] of lines) {
        await bench.step(`${what} is typed`, () => client.type(line));
        await bench.step("it arrives with its line end", () => stream.expect(`${line}\n`));
        await stream.send(`${line}\n`);
      }
    },
  },
  {
    id: "client-split",
    title: "The client prints an echo whole that comes in pieces",
    points: 5,
    program,
    hint:
      "One read may bring only a part of the line: read on until as many bytes have come back " +
      "as you have sent, and print them without anything in between",
    async run(bench) {
      const line = bench.random.words(5, 5);
      const { client, stream } = await connectedClient(bench);
      await bench.step("a line with a blank in it is typed", () => client.type(line));
      await bench.step("it arrives", () => stream.expect(line));
      await bench.step(
        "its echo goes back in three pieces",
        () =>
          whileItTakes(
            stream.sendApart([line.slice(0, 3), line.slice(3, 9), `${line.slice(9)}\n`]),
          ),
      );
      await bench.step("the client prints it whole", () => client.prints(line));
    },
  },
  {
    id: "client-bytes",
    title: "The client sends and prints bytes that are no text as they are",
    points: 4,
    program,
    hint:
      "Read standard input as bytes, and write the bytes that come back to standard output as " +
      "they are: what is not UTF-8 does not survive decoding",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      const line = everyByte(bench.random).filter((byte) => byte !== LINE_FEED && byte !== 0x0d);
      await bench.step("a line of every byte is typed but CR and LF", () => client.type(line));
      await bench.step("it arrives as it is", () => stream.expect(line));
      await bench.step(
        "its echo goes back in one piece",
        () => stream.send(Uint8Array.from([...line, LINE_FEED])),
      );
      await bench.step("the client prints it as it is", () => client.prints(line));
    },
  },
  {
    id: "client-long-line",
    title: "The client sends a line of 100,000 bytes, and prints all of it",
    points: 4,
    program,
    hint:
      "A long line comes back in many reads, and one write may not take all of it: loop until " +
      "every byte is sent, and until every byte is back",
    async run(bench) {
      const { client, stream } = await connectedClient(bench);
      const line = bench.random.text(100_000);
      await bench.step("a line of 100,000 letters is typed", () => client.type(line));
      const bytes = new TextEncoder().encode(line);
      await bench.step("it arrives", () => readAll(bench, stream, bytes));
      await bench.step("its echo goes back", () => whileItTakes(stream.send(`${line}\n`)));
      await bench.step("the client prints all of it", () =>
        client.prints(line).catch((error) => {
          if (error.name !== "CheckFailure") throw error;
          bench.fail("The client did not print all of it in one piece");
        }));
    },
  },
  {
    id: "client-ends",
    title: "When its input has ended, the client ends its stream, and then itself with status 0",
    points: 3,
    program,
    hint: "At the end of the input close the connection (a FIN, no reset), and exit with status 0",
    async run(bench) {
      const line = bench.random.words(5);
      const { client, stream } = await connectedClient(bench);
      await bench.step("a line is typed, and comes back", async () => {
        await client.type(line);
        await stream.expect(line);
        await stream.send(`${line}\n`);
        await client.prints(line);
      });
      await bench.step("the input ends (Ctrl-D)", () => client.endInput());
      await bench.step("the client ends its stream (FIN)", async () => {
        if (await stream.closed() === "reset") bench.fail("It reset the connection");
      });
      await stream.close();
      await bench.step("it exits with status 0", () => expectExit(bench, client, 0));
    },
  },
  {
    id: "client-refused",
    title: "Refused, the client says so in one line and ends with status 1",
    points: 2,
    program,
    hint:
      "Catch what connect throws: print one line on standard error, exit with status 1. Connect " +
      "to the port that --port names",
    async run(bench) {
      const lines = [bench.random.words(5)];
      const client = await bench.startClient({ lines });
      await bench.step(
        "nobody listens: it says so in one line, status 1",
        () => expectFailure(bench, client),
      );
      await bench.listen();
      const port = bench.port + 1;
      const other = await bench.startClient({ args: ["--port", `${port}`], lines });
      await bench.step(
        `somebody listens, but not on the ${port} of --port: the same again`,
        () => expectFailure(bench, other),
      );
    },
  },
  {
    id: "client-unknown-host",
    title: "Where a name does not resolve, the client says so in one line and ends with status 1",
    points: 2,
    program,
    hint: "A name that nobody has is an error of connect, or of looking it up: print one line, " +
      "exit with status 1",
    run: checkUnknownHost,
  },
  {
    id: "client-reset",
    title: "Its connection reset, the client says so in one line and ends with status 1",
    points: 2,
    program,
    hint: "Reads and writes throw when the connection is reset: catch that, print one line, exit " +
      "with status 1",
    async run(bench) {
      const line = bench.random.words(5);
      const { client, stream } = await connectedClient(bench);
      await bench.step("a line is typed, and arrives", async () => {
        await client.type(line);
        await stream.expect(line);
      });
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

/** A client under test that has connected to us. */
async function connectedClient(bench: Bench) {
  const listener = await bench.listen();
  const client = await bench.startClient();
  const stream = await bench.step("it connects", () => listener.accept());
  return { client, stream };
}

/** Sends until the client takes no more: that it hangs up too early shows in what it prints. */
async function whileItTakes(sent: Promise<void>) {
  await sent.catch((error) => {
    if (error.name !== "CheckFailure") throw error;
  });
}
