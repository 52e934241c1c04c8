/** What is asked of lab3's client where it sends numbered requests. */
import { defineChecks, expectExit, letEnd, letPass } from "../../../src/grade/mod.ts";
import { expectAnswerLines, expectStatistics, expectTimes } from "./statistics.ts";
import { answerTo, expectPing } from "./steps.ts";

const program = "client";

/** Three requests in quick succession, with the lab's own time limit. */
const THREE = { count: 3, interval: 5, size: 32, timeout: 1_500 };
/** Milliseconds that every answer takes on the link, where round trips are judged. */
const DELAY_MS = 50;
/** Ticks of patience for a request that is not to come: 300 ms. */
const MOMENT = 6;
/** Milliseconds that no answer of ours comes near. */
const LONG = 60_000;

export const pingerChecks = defineChecks([
  {
    id: "ping-requests",
    title: "With --count N, the client sends N numbered requests of --size bytes each",
    points: 4,
    program,
    hint:
      'A request is "ping", a space, its number from 1, a space, and letters up to --size bytes',
    async run(bench) {
      const server = await bench.serveDatagrams();
      await bench.startClient({ mode: "pinger", values: { ...THREE, size: 40, timeout: LONG } });
      for (let n = 1; n <= 3; n++) {
        await bench.step(`request ${n} comes, of 40 bytes, and is answered`, async () => {
          const { bytes } = await expectPing(bench, server, { n, size: 40 });
          await server.send(answerTo(bytes));
        });
      }
    },
  },
  {
    id: "ping-pace",
    title: "A request comes each --interval, and does not wait for the answer to the one before",
    points: 3,
    program,
    hint:
      "Let one part of the program send, every --interval milliseconds, while another receives. What both share is a table: number, when sent, what became of it",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const slow = await bench.startClient({
        mode: "pinger",
        values: { ...THREE, interval: LONG, timeout: LONG },
      });
      await bench.step("with --interval 60000, a request comes and is answered", async () => {
        await server.send(answerTo((await server.receive()).bytes));
      });
      await bench.step("no other one comes yet", async () => {
        await letPass(bench, MOMENT);
        await letEnd(bench, slow); // On a busy machine, that was no time.
        const requests = (await bench.packets()).filter(({ dir }) => dir === "up").length;
        if (requests > 1) bench.fail("The next request came at once, not 60 s later");
      });
      slow.kill("SIGKILL");
      await slow.ended();
      await bench.startClient({ mode: "pinger", values: { ...THREE, timeout: LONG } });
      for (let n = 1; n <= 3; n++) {
        await bench.step(
          n === 1
            ? "with --interval 5, a request comes"
            : `another comes, though none is answered yet`,
          () => server.receive(),
        );
      }
    },
  },
  {
    id: "ping-statistics",
    title: "Each answer has its line, and at the end come statistics as ping prints them",
    points: 4,
    program,
    hint:
      "Loss is what was not received, in percent of what was sent. mdev is the standard deviation of the round trips, the root of their mean squared distance from the average",
    async run(bench) {
      await bench.link({ script: "lose 2", down: `delay ${DELAY_MS}ms` });
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ mode: "pinger", values: { ...THREE, count: 4 } });
      await bench.step("of 4 requests the second is lost, the others are answered", async () => {
        for (let n = 1; n <= 3; n++) await server.send(answerTo((await server.receive()).bytes));
      });
      await bench.step(
        "the client counts 4 transmitted, 3 received, 25 % lost",
        () => expectStatistics(bench, client, { sent: 4, received: 3, andLoss: true }),
      );
      await bench.step(
        "it prints the round trips' minimum, average, maximum and deviation",
        () => expectTimes(bench, client, { least: DELAY_MS }),
      );
      await bench.step("it ends with status 0", () => expectExit(bench, client, 0));
      await bench.step(
        "it has printed a line for each answer, with its round trip in ms",
        () => expectAnswerLines(bench, client, 3),
      );
    },
  },
  {
    id: "ping-late",
    title: "An answer after its time limit stays counted as lost",
    points: 3,
    program,
    hint:
      "When a request's time limit is over, print that it timed out and note it in your table. An answer that comes then is late: say so, and do not count it",
    async run(bench) {
      const server = await bench.serveDatagrams();
      // The second one is sent half a time limit after the first, so that it still waits when that is over.
      const values = { ...THREE, count: 2, interval: 750 };
      const client = await bench.startClient({ mode: "pinger", values });
      const requests = await bench.step(
        "two requests come, 750 ms apart",
        async () => {
          const both = [await server.receive(), await server.receive()];
          const [first, second] = (await bench.packets()).filter(({ dir }) => dir === "up");
          // Far from what was asked: a busy machine may send the first one late.
          if (second!.t_us - first!.t_us < 250_000) {
            bench.fail("The second came right behind the first");
          }
          return both;
        },
      );
      await bench.step(
        'the client prints "request 1 timed out"',
        () =>
          client.prints("request 1 timed out").catch((error) => {
            if (error.name !== "CheckFailure") throw error;
            bench.fail('No line of what the client printed says "request 1 timed out"');
          }),
      );
      await bench.step("now both are answered", async () => {
        for (const { bytes } of requests) await server.send(answerTo(bytes));
      });
      await bench.step(
        "the client counts 2 transmitted, 1 received",
        () => expectStatistics(bench, client, { sent: 2, received: 1, late: 1 }),
      );
    },
  },
  {
    id: "ping-duplicates",
    title: "A second answer to one request does not count",
    points: 3,
    program,
    hint:
      "The network may double datagrams. The number in the answer says which request it belongs to: if that one is answered already, say so, and do not count it again",
    async run(bench) {
      let first: Uint8Array = new Uint8Array();
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ mode: "pinger", values: THREE });
      await bench.step("of 3 requests, the first is answered, and the second", async () => {
        first = answerTo((await server.receive()).bytes);
        await server.send(first);
        await server.send(answerTo((await server.receive()).bytes));
      });
      await bench.step("the third comes, but the first is answered again", async () => {
        await server.receive();
        await server.send(first);
      });
      await bench.step(
        "the client counts 3 transmitted, 2 received",
        () => expectStatistics(bench, client, { sent: 3, received: 2 }),
      );
    },
  },
  {
    id: "ping-foreign",
    title: "Answers from anybody but the server do not count",
    points: 3,
    program,
    hint:
      "With each datagram comes its sender's address. Anybody may send to a client's port: look whether it was the server, address and port, and ignore others",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const otherHost = await bench.datagrams({ host: 2, port: bench.port });
      const otherPort = await bench.datagrams({ host: 0 });
      const client = await bench.startClient({ mode: "pinger", values: { ...THREE, count: 4 } });
      await bench.step(
        "of 4 requests, the second is answered from another host, the third from another port",
        async () => {
          for (const from of [server, otherHost, otherPort, server]) {
            const { bytes, from: asker } = await server.receive();
            await from.send(answerTo(bytes), asker);
          }
        },
      );
      await bench.step(
        "the client counts 4 transmitted, 2 received",
        () => expectStatistics(bench, client, { sent: 4, received: 2 }),
      );
    },
  },
  {
    id: "ping-silence",
    title: "Without any answer, the pinger still comes to its end, with status 1",
    points: 2,
    program,
    hint:
      "Each request has a time limit of its own. When the last one is answered or timed out, print the statistics and exit: with status 0 if any answer came in time, else with 1",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({
        mode: "pinger",
        values: { ...THREE, timeout: 200 },
      });
      await bench.step("3 requests come, none is answered", async () => {
        for (let n = 1; n <= 3; n++) await server.receive();
      });
      await bench.step(
        "the client counts 3 transmitted, 0 received",
        () => expectStatistics(bench, client, { sent: 3, received: 0 }),
      );
      await bench.step("it ends with status 1", () => expectExit(bench, client, 1));
    },
  },
  {
    id: "client-stops",
    title: "Ctrl-C and SIGTERM end the client with status 0",
    points: 2,
    program,
    hint:
      "Handle SIGINT and SIGTERM: close the socket, print the statistics so far, exit with status 0",
    async run(bench) {
      const server = await bench.serveDatagrams();
      for (
        const [signal, name] of [["SIGINT", "Ctrl-C (SIGINT)"], ["SIGTERM", "SIGTERM"]] as const
      ) {
        const values = { ...THREE, interval: LONG, timeout: LONG };
        const client = await bench.startClient({ mode: "pinger", values });
        await bench.step("its first request comes and is answered", async () => {
          await server.send(answerTo((await server.receive()).bytes));
        });
        await bench.step(`${name} ends it with status 0`, async () => {
          client.kill(signal);
          await expectExit(bench, client, 0);
        });
        await server.pending(); // Requests beyond the first are another check's subject.
      }
    },
  },
]);
