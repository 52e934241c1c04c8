/** Checks of `client`: that it asks, and prints the answer. It is lab4's client. */
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
const REQUEST = "What time is it?";

export const clientChecks: readonly Check[] = defineChecks([
  {
    id: "client-asks",
    title: "The client asks with each line, on a connection of its own, and prints the answers",
    points: 3,
    program,
    hint:
      "Connect, send the line with its line feed (LF), read the answer, print it, close; then " +
      "the next line",
    async run(bench) {
      const listener = await bench.listen();
      const client = await bench.startClient();
      const questions = [
        ["a question", REQUEST],
        ["another one", `And now, ${bench.random.text(4)}?`],
      ] as const;
      for (const [which, question] of questions) {
        const answer = date(bench);
        await bench.step(`${which} is typed, and arrives on a new connection`, async () => {
          await client.type(question);
          const stream = await listener.accept();
          await stream.expect(`${question}\n`);
          await stream.send(`${answer}\n`);
          await stream.close();
        });
        await bench.step("the client prints the answer", () => client.prints(answer));
      }
      await bench.step("its input ends: it exits with status 0", async () => {
        await client.endInput();
        await expectExit(bench, client, 0);
      });
    },
  },
  {
    id: "client-split",
    title: "The client prints an answer whole that comes in pieces",
    points: 2,
    program,
    hint: "One read may bring only a part of the answer: read on until its line feed (LF, 0x0A)",
    async run(bench) {
      const answer = date(bench);
      const listener = await bench.listen();
      const client = await bench.startClient({ lines: [REQUEST] });
      const stream = await bench.step("the client connects and asks", async () => {
        const stream = await listener.accept();
        await stream.readLine();
        return stream;
      });
      await bench.step(
        "the answer comes in three pieces",
        () => stream.sendApart([answer.slice(0, 4), answer.slice(4, 13), `${answer.slice(13)}\n`]),
      );
      await bench.step("the client prints it whole", () => client.prints(answer));
    },
  },
  {
    id: "client-refused",
    title: "Refused, the client says so in one line and ends with status 1",
    points: 1,
    program,
    hint: "Catch what connect throws: print one line on standard error, exit with status 1",
    async run(bench) {
      const client = await bench.startClient({ lines: [REQUEST] });
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
    id: "client-reset",
    title: "Its connection reset, the client says so in one line and ends with status 1",
    points: 1,
    program,
    hint: "Reads and writes throw when the connection is reset: catch that, print one line, exit " +
      "with status 1",
    async run(bench) {
      const listener = await bench.listen();
      const client = await bench.startClient({ lines: [REQUEST] });
      await bench.step("the client asks, and its connection is reset (RST)", async () => {
        const stream = await listener.accept();
        await stream.readLine();
        await stream.reset();
      });
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
    run: (bench) => checkClientStops(bench, REQUEST),
  },
]);

/** A moment that is not now: a client that prints a date of its own is found out. */
function date(bench: Bench): string {
  const seconds = bench.random.integer(2 ** 30);
  return new Date(1000 * seconds).toISOString().replace(".000Z", "+05:45");
}
