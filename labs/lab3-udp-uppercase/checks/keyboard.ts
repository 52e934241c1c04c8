/** What is asked of lab3's client where it reads lines. */
import { checkUnknownHost, defineChecks } from "../../../src/grade/mod.ts";
import { answerTo, takeLine, withoutEnd } from "./steps.ts";

const program = "client";

const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

/** How often a request without an answer may be sent. */
const GIVING_UP = [
  { args: [], to: "", times: 4, often: "4 times" },
  { args: ["--retries", "1"], to: " to a client with --retries 1", times: 2, often: "twice" },
];

/** Milliseconds that no answer of ours comes near. */
const LONG = 60_000;

export const keyboardChecks = defineChecks([
  {
    id: "client-lines",
    title: "Each line is sent as one datagram without its line end, and its answer printed",
    points: 5,
    program,
    hint:
      "Without --count, read standard input line by line. The line end (LF) only shows where a line is over: it is not sent, and an empty line is an empty datagram. Send to where --host and --port say",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: LONG } });
      for (const [which, length] of [["a line", 8], ["one", 0], ["another", 20]] as const) {
        const line = bench.random.text(length);
        await bench.step(`${which} of ${length} bytes is typed`, () => client.type(line));
        await bench.step("it comes as one datagram", () => server.expect(line));
        await bench.step("the client prints the answer", async () => {
          await server.send(answerTo(line));
          await client.prints(answerTo(line));
        });
      }
      const port = bench.port + 1;
      const elsewhere = await bench.serveDatagrams({ port });
      const line = bench.random.text(5);
      await bench.startClient({ args: ["--port", `${port}`], lines: [line] });
      await bench.step(
        `a client with --port ${port} sends its line there`,
        () => elsewhere.expect(line),
      );
    },
  },
  {
    id: "client-bytes",
    title: "A line's bytes are sent and printed as they are, text or not",
    points: 3,
    program,
    hint:
      "Cut what you read at the bytes 0x0A, and do not decode it. Print an answer by writing its bytes to standard output",
    async run(bench) {
      const line = bench.random.everyByte().filter((byte) => byte !== 0x0a && byte !== 0x0d);
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: LONG } });
      await bench.step("a line of all bytes but LF and CR is typed", () => client.type(line));
      await bench.step("it comes unchanged", async () => {
        const { bytes } = await server.receive();
        bench.expectBytes(withoutEnd(bytes), line, "In the datagram");
        await server.send(answerTo(bytes));
      });
      await bench.step("the client prints the answer", () => client.prints(answerTo(line)));
    },
  },
  {
    id: "client-long-line",
    title: "Lines of 2,000 and of 65,000 bytes are sent whole, and their answers printed",
    points: 2,
    program,
    hint:
      "A read of the socket fills the buffer that it is given, and throws the rest of the datagram away. Give it one in which the largest answer has room",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: LONG } });
      for (const [length, which] of [[2_000, "2,000"], [65_000, "65,000"]] as const) {
        const line = bench.random.text(length);
        await bench.step(`a line of ${which} bytes is typed`, () => client.type(line));
        await bench.step("it comes as one datagram, and is answered", async () => {
          await server.send(answerTo((await takeLine(bench, server, line)).bytes));
        });
        await bench.step("the client prints the answer", () => client.prints(answerTo(line)));
      }
    },
  },
  {
    id: "client-retries",
    title: "A lost request is sent again",
    points: 5,
    program,
    hint:
      "Wait for the answer no longer than --timeout, then send the same datagram again. Whether the request was lost or the answer, the client cannot know",
    async run(bench) {
      await bench.link({ script: "lose 1" });
      const line = bench.random.text(8);
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 300 } });
      await bench.step("a line is typed, whose first datagram is lost", () => client.type(line));
      await bench.step("after 300 ms another one comes, and is answered", async () => {
        await server.send(answerTo((await takeLine(bench, server, line)).bytes));
      });
      await bench.step("the client prints the answer", () => client.prints(answerTo(line)));
    },
  },
  {
    id: "client-gives-up",
    title:
      "A request without an answer is sent 4 times at most, or as --retries says, then the next",
    points: 3,
    program,
    hint:
      "Count the attempts: one, and --retries more (3). Then say that no answer came, and go on with the next line",
    async run(bench) {
      const [line, next] = [bench.random.text(8), bench.random.text(20)];
      const server = await bench.serveDatagrams();
      const comes = async (times: number) => {
        for (let attempt = 1;; attempt++) {
          const bytes = withoutEnd((await server.receive()).bytes);
          if (new TextDecoder().decode(bytes) === next) return;
          bench.expectBytes(bytes, line, `In datagram ${attempt}`);
          if (attempt > times) bench.fail(`The first line came for the ${ORDINALS[times]} time`);
        }
      };
      for (const { args, to, times, often } of GIVING_UP) {
        const client = await bench.startClient({ args, values: { timeout: 200 } });
        await bench.step(`two lines are typed${to}`, async () => {
          await client.type(line);
          await client.type(next);
        });
        await bench.step(`the first comes ${often} at most, then the second`, () => comes(times));
        client.kill("SIGKILL");
        await client.ended();
        await server.pending(); // The second may have come again.
      }
    },
  },
  {
    id: "client-stale",
    title: "An old answer that comes late is not taken for the answer to the next line",
    points: 4,
    program,
    hint:
      "Compare each datagram with what the answer should be, the line in capitals. Any other belongs to an earlier line: go on waiting",
    async run(bench) {
      const [line, next, last] = [
        bench.random.text(8),
        bench.random.text(9),
        bench.random.text(10),
      ];
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: LONG } });
      let old: Uint8Array = new Uint8Array();
      await bench.step("a line is typed and answered", async () => {
        await client.type(line);
        old = answerTo((await takeLine(bench, server, line)).bytes);
        await server.send(old);
        await client.prints(answerTo(line));
      });
      await bench.step(
        "when the next is typed, that answer comes again before its own",
        async () => {
          await client.type(next);
          const { bytes } = await takeLine(bench, server, next);
          await server.send(old);
          await server.send(answerTo(bytes));
        },
      );
      await bench.step("the client prints its own", () => client.prints(answerTo(next)));
      await bench.step("a third line is typed and answered", async () => {
        await client.type(last);
        await server.send(answerTo((await takeLine(bench, server, last)).bytes));
        await client.prints(answerTo(last));
      });
    },
  },
  {
    id: "client-foreign",
    title: "The right answer from anybody but the server is not taken for the server's",
    points: 2,
    program,
    hint:
      "With each datagram comes its sender's address. Anybody may send to a client's port: look whether it was the server, address and port, and go on waiting if not",
    async run(bench) {
      await bench.link({ script: "down: delay 1 by 1s" });
      const [line, next] = [bench.random.text(8), bench.random.text(9)];
      const server = await bench.serveDatagrams();
      const stranger = await bench.datagrams({ host: 2 });
      const client = await bench.startClient({ values: { timeout: LONG } });
      await bench.step("two lines are typed", async () => {
        await client.type(line);
        await client.type(next);
      });
      await bench.step(
        "the server's answer to the first is a second under way, a stranger's is there at once",
        async () => {
          const { bytes, from } = await takeLine(bench, server, line);
          await server.send(answerTo(bytes));
          await stranger.send(answerTo(bytes), from);
        },
      );
      await bench.step("the second line comes only after the server's answer", async () => {
        await takeLine(bench, server, next);
        const answered = await bench.until("the server's answer leaves the link", async () => {
          const [answer] = (await bench.packets()).filter(({ dir }) => dir === "down");
          return answer?.copies[0]?.at_us;
        });
        const packets = await bench.packets();
        const second = packets.findLast(({ dir }) => dir === "up")!.t_us;
        if (second < answered) bench.fail("The client took the stranger's answer: it went on");
      });
    },
  },
  {
    id: "client-unknown-host",
    title: "Where a name does not resolve, the client says so in one line and ends with status 1",
    points: 2,
    program,
    hint:
      "That nobody has the name --host is an error of looking it up, or of sending: print one line with console.error(), and exit with status 1",
    run: checkUnknownHost,
  },
]);
