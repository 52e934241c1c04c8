/** Checks of `server`: what becomes of its log folder where something is not as usual. */
import { type Check, defineChecks, letEnd } from "../../../src/grade/mod.ts";
import { ask, askDate, question } from "./asking.ts";
import { expectLogs, isLog } from "./logs.ts";

const program = "server";
/** Bytes of a request that come first, where it comes in two pieces. */
const HALF = 21;

export const troubledLoggingChecks: readonly Check[] = defineChecks([
  {
    id: "escaped",
    title: "Whatever bytes are in a request, its log is one printable line",
    points: 7,
    program,
    hint: "A request is written by a stranger. As it came, it could end your line and forge " +
      "another, or command the operator's terminal: write bytes below 0x20, and 0x7F, as \\x0d",
    async run(bench) {
      const [a, b, c, d] = [4, 4, 2, 2].map((length) => bench.random.words(length));
      await bench.startServer();
      await bench.step(
        "a client asks with CR, ESC, NUL, a tab and 0x7F in its request",
        async () => {
          const stream = await bench.connect();
          await stream.send(`${a}\r${b}\x1b[2J ${c}\0${d}\t?\x7f\n`);
          await stream.readLine();
        },
      );
      await bench.step("log0.txt holds one line without such bytes", async () => {
        const [log] = await expectLogs(bench, [0]);
        const { text } = log!;
        // deno-lint-ignore no-control-regex
        if (/[\0-\x1f\x7f]/.test(text.slice(0, -1))) {
          bench.fail("Bytes that are not printable are in it", { actual: text });
        }
        if (!new RegExp(`${a}.+${b}.+\\[2J ${c}.+${d}.+\\?.`).test(text)) {
          bench.fail("Not all of the request is in it: each byte leaves something", {
            actual: text,
          });
        }
      });
    },
  },
  {
    id: "split-request",
    title: "A request that comes in pieces is one request, and leaves one file",
    points: 3,
    program,
    hint:
      "One read may bring only a part of the request: read on until its line feed (LF, 0x0A), " +
      "and log and answer only then",
    async run(bench) {
      const text = question(bench);
      const server = await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      await bench.step("it sends half a request, and nothing comes yet", async () => {
        await stream.sendApart([text.slice(0, HALF)]);
        await letEnd(bench, server); // Nor does a server that has time for it answer.
        if ((await bench.packets()).some(({ dir, tcp }) => dir === "down" && tcp!.len > 0)) {
          bench.fail("The server answered before the request was complete");
        }
      });
      await bench.step("it sends the other half, and gets a line for an answer", async () => {
        await stream.send(`${text.slice(HALF)}\n`);
        await stream.readLine();
      });
      await bench.step("log0.txt is the only log, and has all of the request", async () => {
        const [log] = await expectLogs(bench, [0]);
        if (log!.text.includes(text)) return;
        bench.fail("Not all of the request is in it", { expected: text, actual: log!.text });
      });
    },
  },
  {
    id: "nothing-asked",
    title: "Clients that go before they have asked leave no file, and do not end the server",
    points: 5,
    program,
    hint: "A file is for a request, not for a connection: the number is used up when there is " +
      "something to write. And a read throws where the client has reset the connection: catch that",
    async run(bench) {
      const text = question(bench);
      const server = await bench.startServer();
      await bench.step("a client connects and closes without a word", async () => {
        await (await bench.connect()).close();
      });
      await letEnd(bench, server);
      await bench.step(
        "a client sends half a request and resets the connection (RST)",
        async () => {
          const stream = await bench.connect();
          await stream.sendApart([question(bench).slice(0, HALF)]);
          await stream.reset();
        },
      );
      await letEnd(bench, server);
      await bench.step("the next client asks, and gets its answer", () => ask(bench, { text }));
      await bench.step("its log is log0.txt, and the only one", async () => {
        const [log] = await expectLogs(bench, [0]);
        if (!log!.text.includes(text)) {
          bench.fail("log0.txt is not about its request", { expected: text, actual: log!.text });
        }
      });
    },
  },
  {
    id: "killed",
    title: "Killed in the middle of a request, the server leaves no half file",
    points: 8,
    program,
    hint: "A file that is opened first and written later is there, empty or half, when you are " +
      "killed in between. Write it under another name, and give it its own when it is whole " +
      "(link, or rename where none is there)",
    async run(bench) {
      const server = await bench.startServer();
      await bench.step("a client sends half a request", async () => {
        await (await bench.connect()).sendApart([question(bench).slice(0, HALF)]);
      });
      await bench.logs.watch();
      await bench.step("another one asks, and gets its answer", () => ask(bench, { host: 2 }));
      await bench.step("its log is the only one", () => expectLogs(bench, [0]));
      await bench.step("the server is killed (SIGKILL)", async () => {
        server.kill("SIGKILL");
        await server.ended();
      });
      await bench.step("no half file is there", () => expectLogs(bench, [0]));
      await bench.step("nor was one at any moment before", async () => {
        const name = (await bench.logs.writtenInPlace()).find(isLog);
        if (name === undefined) return;
        bench.fail(`${name} was there before it was written: killed then, it is a half file`);
      });
      await bench.startServer();
      await bench.step("started again, it logs the next request in log1.txt", async () => {
        await ask(bench);
        await expectLogs(bench, [0, 1]);
      });
    },
  },
  {
    id: "unwritable",
    title: "Where it cannot write, the server tells its operator, and the client gets its date",
    points: 7,
    program,
    hint:
      "Writing fails where the disk is full or read-only. Catch that, print a line on standard " +
      "error, answer all the same; the number is not used up",
    async run(bench) {
      const server = await bench.startServer();
      await bench.step("a client asks, and is logged in log0.txt", async () => {
        await ask(bench);
        await expectLogs(bench, [0]);
      });
      await bench.step("the folder becomes read-only", () => bench.logs.setWritable(false));
      const errors = () => server.output.filter(({ stream }) => stream === "stderr").length;
      const before = errors();
      await bench.step("a client asks, and gets its date", () => askDate(bench));
      await bench.step(
        "a line on standard error says that it was not logged",
        () => bench.until("a line is on standard error", () => errors() > before || undefined),
      );
      await bench.logs.setWritable(true);
      await bench.step("the folder can be written again: the next log is log1.txt", async () => {
        await ask(bench);
        await expectLogs(bench, [0, 1]);
      });
    },
  },
]);
