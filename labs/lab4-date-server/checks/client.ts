/** Checks of `client`: that it asks, and prints the answer. */
import {
  type Bench,
  type Check,
  checkClientStops,
  checkUnknownHost,
  defineChecks,
  expectExit,
  expectFailure,
} from "../../../src/grade/mod.ts";

const program = "client";

export const clientChecks: readonly Check[] = defineChecks([
  {
    id: "client-asks",
    title: "The client asks with a line, and prints the line that comes back",
    points: 6,
    program,
    hint: "Send the line that was typed with its line end (LF, 0x0A), read the answer, print it",
    async run(bench) {
      const { client, listener } = await start(bench);
      await bench.step('"What time is it?" is typed', () => client.type("What time is it?"));
      const stream = await bench.step("the client connects", () => listener.accept());
      await bench.step("the question arrives", () => stream.expect("What time is it?\n"));
      const answer = date(bench);
      await bench.step("it is answered with a date, and the connection is closed", async () => {
        await whileItTakes(stream.send(`${answer}\n`));
        await stream.close();
      });
      await bench.step("the client prints that", () => client.prints(answer));
    },
  },
  {
    id: "client-split",
    title: "The client prints an answer whole that comes in pieces",
    points: 5,
    program,
    hint: "One read may bring only a part of the answer: read on until its line feed (LF, 0x0A), " +
      "and print it without anything in between",
    async run(bench) {
      const { client, listener } = await start(bench);
      const stream = await asked(bench, { client, listener });
      const answer = date(bench);
      const pieces = [answer.slice(0, 4), answer.slice(4, 13), `${answer.slice(13)}\n`];
      await bench.step("the answer comes in three pieces, and the end behind them", async () => {
        await whileItTakes(stream.sendApart(pieces));
        await stream.close();
      });
      await bench.step("the client prints it whole", () => client.prints(answer));
    },
  },
  {
    id: "client-again",
    title: "The client asks again with each line, on a connection of its own",
    points: 5,
    program,
    hint: "The server closes the connection behind its answer: connect anew for the next question",
    async run(bench) {
      const { client, listener } = await start(bench);
      const questions = [
        ["a question", "What time is it?"],
        ["another one", `And now, ${bench.random.text(4)}?`],
        ["a third one", `Once more, ${bench.random.text(4)}?`],
      ] as const;
      for (const [which, question] of questions) {
        await bench.step(
          `${which} is typed, asked on a new connection, answered`,
          async () => {
            await client.type(question);
            const stream = await listener.accept();
            await stream.expect(question);
            const answer = date(bench);
            await stream.send(`${answer}\n`);
            await stream.close();
            await client.prints(answer);
          },
        );
      }
    },
  },
  {
    id: "client-ends",
    title: "When its input has ended, the client ends with status 0",
    points: 3,
    program,
    hint: "At the end of the input there is nothing more to ask: exit with status 0",
    async run(bench) {
      const { client, listener } = await start(bench);
      const stream = await asked(bench, { client, listener });
      await bench.step("it is answered", async () => {
        await stream.send(`${date(bench)}\n`);
        await stream.close();
      });
      await bench.step("the input ends (Ctrl-D)", () => client.endInput());
      await bench.step("the client exits with status 0", () => expectExit(bench, client, 0));
    },
  },
  {
    id: "client-refused",
    title: "Refused, the client says so in one line and ends with status 1",
    points: 2,
    program,
    hint: "Catch what connect throws: print one line on standard error, exit with status 1",
    async run(bench) {
      const client = await bench.startClient({ lines: ["What time is it?"] });
      await bench.step(
        "nobody listens: it says so in one line, status 1",
        () => expectFailure(bench, client),
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
      const { client, listener } = await start(bench);
      const stream = await asked(bench, { client, listener });
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
    points: 2,
    program,
    hint: "Handle SIGINT and SIGTERM: close the connection, print one line, exit with status 0",
    run: (bench) => checkClientStops(bench, "What time is it?"),
  },
]);

/** A client under test, and a peer that listens in the server's place. */
async function start(bench: Bench) {
  const listener = await bench.listen();
  return { listener, client: await bench.startClient() };
}

/** The client has asked: its connection. */
function asked(bench: Bench, { client, listener }: Awaited<ReturnType<typeof start>>) {
  return bench.step("a question is typed, and arrives", async () => {
    await client.type("What time is it?");
    const stream = await listener.accept();
    await stream.expect("What time is it?");
    return stream;
  });
}

/** A moment that is not now: a client that prints a date of its own is found out. */
function date(bench: Bench): string {
  const two = (below: number) => `${bench.random.integer(below)}`.padStart(2, "0");
  return `20${two(20)}-0${1 + bench.random.integer(9)}-1${bench.random.integer(9)}` +
    `T${two(24)}:${two(60)}:${two(60)}+05:45`;
}

/** Sends until the client takes no more: that it hangs up too early shows in what it prints. */
async function whileItTakes(sent: Promise<void>) {
  await sent.catch((error) => {
    if (error.name !== "CheckFailure") throw error;
  });
}
