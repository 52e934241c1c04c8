/** Checks of `server`: what it keeps in its log folder, a file for each request, by number. */
import { type Check, defineChecks } from "../../../src/grade/mod.ts";
import { ask, hasDate, question } from "./asking.ts";
import { expectLogs, expectUnchanged, logsIn, putLog } from "./logs.ts";

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
      await bench.step("a client asks, and gets a line for an answer", () => ask(bench));
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
      const text = question(bench);
      const asked = Date.now();
      const address = await bench.step("a client asks", () => ask(bench, { text, host: 2 }));
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
        await bench.step(`a client asks "${text}"`, () => ask(bench, { text }));
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
      await bench.step("each request is in one of them, and only one", async () => {
        const logs = await logsIn(bench);
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
        await ask(bench);
        await ask(bench);
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
      await bench.step("another client asks", () => ask(bench));
      await bench.step("log2.txt is there", () => expectLogs(bench, [0, 1, 2]));
      await bench.step("the files from before are as they were", async () => {
        for (const { name, text } of before) await expectUnchanged(bench, name, text);
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
      const before = await bench.step("log9.txt and log10.txt are there from before", async () => ({
        "log9.txt": await putLog(bench, "log9.txt"),
        "log10.txt": await putLog(bench, "log10.txt"),
      }));
      await bench.startServer();
      await bench.step("a client asks", () => ask(bench));
      await bench.step("log11.txt is there", () => expectLogs(bench, [9, 10, 11]));
      await bench.step("the files from before are as they were", async () => {
        for (const [name, text] of Object.entries(before)) {
          await expectUnchanged(bench, name, text);
        }
      });
    },
  },
]);
