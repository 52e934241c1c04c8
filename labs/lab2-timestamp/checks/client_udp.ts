/** Checks of `client_udp`: datagrams that may be lost, doubled, late or somebody else's. */
import {
  type Bench,
  type Check,
  type Datagrams,
  defineChecks,
  expectExit,
} from "../../../src/grade/mod.ts";
import { DATE } from "./client_lines.ts";
import { stamped } from "./stamp.ts";

const program = "client_udp";

export const clientUdpChecks: readonly Check[] = defineChecks([
  {
    id: "client-udp-lines",
    title: "Each line is one datagram without a line end, and its answer is printed",
    points: 2,
    program,
    hint: "A datagram begins and ends by itself: its data are the line without its end",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient();
      for (const word of ["hello", "once more"]) {
        await bench.step("it reads a line from its input", () => client.type(word));
        await bench.step("the line comes as one datagram", () => server.expect(word));
        await bench.step("the answer is printed", async () => {
          const text = stamped(word, DATE);
          await server.send(text);
          await client.prints(text);
        });
      }
      await bench.step("it reads an empty line", () => client.type(""));
      await bench.step("it exits with status 0", () => expectExit(bench, client, 0));
    },
  },
  {
    id: "client-udp-retry",
    title: "A datagram that is lost is sent again",
    points: 3,
    program,
    hint:
      "UDP never says that a datagram is lost. Wait no longer than the time limit of --timeout, then send again",
    async run(bench) {
      await bench.link({ script: "lose 1" });
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 200 } });
      await bench.step("it reads a line from its input", () => client.type("hello"));
      await bench.step(
        "the first datagram is lost, the next one comes",
        () => server.expect("hello"),
      );
      await bench.step("the answer is printed", async () => {
        const text = stamped("hello", DATE);
        await server.send(text);
        await client.prints(text);
      });
    },
  },
  {
    id: "client-udp-gives-up",
    title: "Where no answer ever comes, the client gives up and goes on with the next line",
    points: 3,
    program,
    hint: "Neither wait for ever nor ask for ever: after --retries attempts (3) say so, and go on",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 50 }, lines: ["lost", "found"] });
      await bench.step(
        "the first line comes and is not answered, however often it comes",
        () => untilOther(bench, server, { from: "lost", to: "found" }),
      );
      await bench.step("the second line has come; its answer is printed", async () => {
        const text = stamped("found", DATE);
        await server.send(text);
        await client.prints(text);
      });
    },
  },
  {
    id: "client-udp-stale",
    title: "A second answer to an earlier line is not taken for the answer to this one",
    points: 2,
    program,
    hint:
      "After a retry two answers may come, and the network doubles datagrams. Does this one end in the line that you have just sent? If not, go on waiting",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 2_000 } });
      await bench.step('it reads "first", which is answered twice', async () => {
        await client.type("first");
        await server.expect("first");
        await server.send(stamped("first", DATE));
        await server.send(stamped("first", DATE + 1_000));
        await client.prints(stamped("first", DATE));
      });
      for (const word of ["second", "third"]) {
        await bench.step(`it reads "${word}", which is answered once`, async () => {
          await client.type(word);
          await server.expect(word);
          await server.send(stamped(word, DATE));
        });
        await bench.step(
          `the answer to "${word}" is printed`,
          () => client.prints(stamped(word, DATE)),
        );
      }
    },
  },
  {
    id: "client-udp-foreign",
    title: "An answer from somebody else is not taken",
    points: 2,
    program,
    hint:
      "Anybody may send to your port. Compare the sender's address and port with the server's, or connect() the socket, which makes the system do it",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const stranger = await bench.datagrams({ host: 2 });
      const client = await bench.startClient({ values: { timeout: 2_000 } });
      await bench.step("it reads a line from its input", () => client.type("hello"));
      const { bytes, from } = await bench.step("the line comes", () => server.receive());
      bench.expectBytes(bytes, "hello", "The datagram");
      await bench.step("somebody else answers first, then the server", async () => {
        // From one client's host to another it is the shorter way: it arrives first.
        await stranger.send(stamped("hello", DATE + 60_000), from);
        await server.send(stamped("hello", DATE), from);
      });
      await bench.step("the server's answer is printed, the other one is not", async () => {
        await client.prints(stamped("hello", DATE));
        const printed = new TextDecoder().decode(client.stdout);
        if (printed.includes(new TextDecoder().decode(stamped("hello", DATE + 60_000)))) {
          bench.fail("The client printed what a stranger had sent");
        }
      });
    },
  },
  {
    id: "client-udp-long",
    title: "Long lines and their answers are sent and printed whole",
    points: 2,
    program,
    hint: "A read takes what fits into your buffer and throws the rest of the datagram away",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const client = await bench.startClient();
      for (const size of [1_000, 1_473, 60_000]) {
        const text = bench.random.text(size);
        await bench.step(
          `it reads a line of ${size.toLocaleString("en-US")} bytes`,
          () => client.type(text),
        );
        await bench.step("the line comes as one datagram", () => server.expect(text));
        await bench.step("the answer is printed", async () => {
          await server.send(stamped(text, DATE));
          await client.prints(stamped(text, DATE));
        });
      }
    },
  },
]);

/** Receives datagrams of one text until another one comes; fails where the first comes too often. */
async function untilOther(
  bench: Bench,
  server: Datagrams,
  { from, to }: { from: string; to: string },
): Promise<void> {
  for (let times = 0; times < 30; times++) {
    const { bytes } = await server.receive();
    const text = new TextDecoder().decode(bytes);
    if (text === from) continue;
    if (times === 0) bench.expectBytes(bytes, from, "The first datagram");
    return bench.expectBytes(bytes, to, "The datagram after it");
  }
  bench.fail(`The client sent "${from}" 30 times without an answer, and does not give up`);
}
