/** Checks of `server`: what it keeps in its log folder, whatever its clients do. */
import { type Check, defineChecks, letEnd } from "../../../src/grade/mod.ts";
import { ask, askDate, hasDate } from "./asking.ts";
import { expectLogs, expectUnchanged, logsIn, putLog } from "./logs.ts";
import { watchFolder } from "./whole.ts";

const program = "server";
const CLIENTS = 50;
const HOSTS = 3;

export const loggingChecks: readonly Check[] = defineChecks([
  {
    id: "first-log",
    title: "A request leaves one line in log0.txt",
    points: 6,
    program,
    hint: "Make a file log0.txt in the folder of --logs and write one line with a line feed (LF) " +
      "behind it, for the first request; the second one's is log1.txt",
    async run(bench) {
      await bench.startServer();
      await bench.step("a client asks, and gets a line for an answer", () => ask(bench, "hello"));
      await bench.step("log0.txt holds one line", () => expectLogs(bench, [0]));
    },
  },
  {
    id: "log-line",
    title: "The line has the time, the client's address and port, and the request",
    points: 8,
    program,
    hint: 'When, who and what: 2026-11-21T04:31:00+01:00 10.77.0.3:40312 "What time is it?". ' +
      "The address and the port are those of the connection's other end (getpeername)",
    async run(bench) {
      await bench.startServer();
      const text = `What time is it, ${bench.random.text(8)}`;
      const asked = Date.now();
      const address = await bench.step("a client asks", () => ask(bench, text, 2));
      const answered = Date.now();
      const line = await bench.step(
        "a log file holds one line",
        async () => (await expectLogs(bench, [0]))[0]!.text,
      );
      await bench.step("it has the request in it", () => {
        if (!line.includes(text)) {
          bench.fail("The request is not in it", { expected: text, actual: line });
        }
      });
      await bench.step("it has the client's address and port in it", () => {
        const [ip = "", port] = address.split(":");
        if (line.includes(ip) && new RegExp(`\\b${port}\\b`).test(line.replace(ip, ""))) return;
        bench.fail("The client's address and port are not in it", { actual: line });
      });
      await bench.step("it has the time in it, to the second", () => {
        const near = hasDate(line.replace(text, ""), { from: asked, to: answered });
        if (!near) bench.fail("No date and time of now is in it", { actual: line });
      });
    },
  },
  {
    id: "numbers",
    title: "Each request has a file of its own, and the number grows by one",
    points: 6,
    program,
    hint: "log0.txt, log1.txt, log2.txt, …: count requests, and begin a new file for each",
    async run(bench) {
      await bench.startServer();
      const texts = ["first", "second", "third"].map((text) => `${text} ${bench.random.text(4)}`);
      for (const text of texts) {
        await bench.step(`a client asks "${text}"`, () => ask(bench, text));
      }
      await bench.step("each request is in its file", async () => {
        const logs = await expectLogs(bench, [0, 1, 2]);
        for (const [i, { name, text }] of logs.entries()) {
          if (!text.includes(texts[i]!)) {
            bench.fail(`${name} is not about request ${i + 1}`, {
              expected: texts[i]!,
              actual: text,
            });
          }
        }
      });
    },
  },
  {
    id: "fifty-at-once",
    title: "50 clients at once leave 50 files: none lost, torn, skipped or written twice",
    points: 12,
    program,
    hint: "Between looking for a free number and using it, another client's request may find the " +
      "same one. Let one at a time do it: a lock, or a queue; and open files so that one that is " +
      'there is never taken (O_EXCL, "x", createNew)',
    async run(bench) {
      await bench.startServer();
      const texts = Array.from(
        { length: CLIENTS },
        (_, i) => `client ${i + 1} ${bench.random.text(6)}.`,
      );
      const streams = await bench.step(`${CLIENTS} clients connect`, async () => {
        const streams = [];
        for (let i = 0; i < CLIENTS; i++) {
          streams.push(await bench.connect({ host: 1 + i % HOSTS }));
        }
        return streams;
      });
      await bench.step("all ask at once, and all get an answer", async () => {
        await Promise.all(streams.map((stream, i) => stream.send(`${texts[i]}\n`)));
        await Promise.all(streams.map((stream) => stream.readLine()));
      });
      await bench.step(
        `log0.txt to log${CLIENTS - 1}.txt are there, one line each`,
        () => expectLogs(bench, texts.map((_, i) => i)),
      );
      await bench.step("each request is in one of them, and only one", () => {
        const logs = logsIn(bench);
        for (const text of texts) {
          const times = logs.filter((log) => log.text.includes(text)).length;
          if (times === 1) continue;
          bench.fail(`A request is in ${times === 0 ? "none of the files" : `${times} files`}`, {
            expected: text,
          });
        }
      });
    },
  },
  {
    id: "restart",
    title: "After a restart the numbers go on",
    points: 7,
    program,
    hint: "When the server starts, it looks through the folder: the next number is the one after " +
      "the highest there. No file that is there is ever written again",
    async run(bench) {
      const server = await bench.startServer();
      await bench.step("two clients ask", async () => {
        await ask(bench, "first");
        await ask(bench, "second");
      });
      const before = await bench.step(
        "log0.txt and log1.txt are there",
        () => expectLogs(bench, [0, 1]),
      );
      await bench.step("the server is killed", async () => {
        server.kill("SIGKILL");
        await server.ended();
      });
      await bench.startServer();
      await bench.step("another client asks", () => ask(bench, "third"));
      await bench.step("log2.txt is there", () => expectLogs(bench, [0, 1, 2]));
      await bench.step("the files from before are as they were", () => {
        for (const { name, text } of before) expectUnchanged(bench, name, text);
      });
    },
  },
  {
    id: "highest",
    title: "The next number is the one after the highest, whichever files are there",
    points: 7,
    program,
    hint: "Some files may have been removed: do not count them. And compare numbers, not names: " +
      "as text, log9.txt comes after log10.txt",
    async run(bench) {
      const before = await bench.step("log9.txt and log10.txt are there from before", () => ({
        "log9.txt": putLog(bench, "log9.txt"),
        "log10.txt": putLog(bench, "log10.txt"),
      }));
      await bench.startServer();
      await bench.step("a client asks", () => ask(bench, "hello"));
      await bench.step("log11.txt is there", () => expectLogs(bench, [9, 10, 11]));
      await bench.step("the files from before are as they were", () => {
        for (const [name, text] of Object.entries(before)) expectUnchanged(bench, name, text);
      });
    },
  },
  {
    id: "escaped",
    title: "Whatever bytes are in a request, its log is one printable line",
    points: 7,
    program,
    hint: "A request is written by a stranger. As it came, it could end your line and forge " +
      "another, or command the operator's terminal: write bytes below 0x20, and 0x7F, as \\x0d",
    async run(bench) {
      await bench.startServer();
      await bench.step(
        "a client asks with CR, ESC, NUL, a tab and 0x7F in its request",
        async () => {
          const stream = await bench.connect();
          await stream.send("What\rtime\x1b[2J is\0it\t?\x7f\n");
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
        if (!/What.+time.+\[2J is.+it.+\?./.test(text)) {
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
      const server = await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      await bench.step("it sends half a request, and nothing comes yet", async () => {
        await stream.sendApart(["What ti"]);
        await letEnd(bench, server); // Nor does a server that has time for it answer.
        if ((await bench.packets()).some(({ dir, tcp }) => dir === "down" && tcp!.len > 0)) {
          bench.fail("The server answered before the request was complete");
        }
      });
      await bench.step("it sends the other half, and gets a line for an answer", async () => {
        await stream.send("me is it?\n");
        await stream.readLine();
      });
      await bench.step("log0.txt is the only log, and has all of the request", async () => {
        const [log] = await expectLogs(bench, [0]);
        if (log!.text.includes("What time is it?")) return;
        bench.fail("Not all of the request is in it", {
          expected: "What time is it?",
          actual: log!.text,
        });
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
      const server = await bench.startServer();
      await bench.step("a client connects and closes without a word", async () => {
        await (await bench.connect()).close();
      });
      await bench.step(
        "a client sends half a request and resets the connection (RST)",
        async () => {
          const stream = await bench.connect();
          await stream.sendApart(["What ti"]);
          await stream.reset();
        },
      );
      await letEnd(bench, server);
      await bench.step("the next client asks, and gets its answer", () => ask(bench, "hello"));
      await bench.step("its log is log0.txt, and the only one", async () => {
        const [log] = await expectLogs(bench, [0]);
        if (!log!.text.includes("hello")) {
          bench.fail("log0.txt is not about its request", { expected: "hello", actual: log!.text });
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
        await (await bench.connect()).sendApart(["What ti"]);
      });
      const folder = watchFolder(bench);
      try {
        await bench.step("another one asks, and gets its answer", () => ask(bench, "before", 2));
        await bench.step("its log is the only one", () => expectLogs(bench, [0]));
        await bench.step("the server is killed (SIGKILL)", async () => {
          server.kill("SIGKILL");
          await server.ended();
        });
        await bench.step("no half file is there", () => expectLogs(bench, [0]));
        await bench.step("nor was one at any moment before", async () => {
          const [name] = await folder.writtenInPlace();
          if (name === undefined) return;
          bench.fail(`${name} was there before it was written: killed then, it is a half file`);
        });
      } finally {
        folder.close();
      }
      await bench.startServer();
      await bench.step("started again, it logs the next request in log1.txt", async () => {
        await ask(bench, "after");
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
        await ask(bench, "first");
        await expectLogs(bench, [0]);
      });
      const { mode } = Deno.statSync(bench.folder);
      try {
        await bench.step("the folder becomes read-only", () => Deno.chmodSync(bench.folder, 0o555));
        const errors = () => server.output.filter(({ stream }) => stream === "stderr").length;
        const before = errors();
        await bench.step("a client asks, and gets its date", () => askDate(bench));
        await bench.step(
          "a line on standard error says that it was not logged",
          () => bench.until("a line is on standard error", () => errors() > before || undefined),
        );
      } finally {
        Deno.chmodSync(bench.folder, mode! & 0o7777);
      }
      await bench.step("the folder can be written again: the next log is log1.txt", async () => {
        await ask(bench, "third");
        await expectLogs(bench, [0, 1]);
      });
    },
  },
]);
