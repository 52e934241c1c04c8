/** Checks of `client_udp`: datagrams that may be lost, doubled, late or somebody else's. */
import {
  type Bench,
  type Check,
  checkUnknownHost,
  type Datagrams,
  defineChecks,
  expectExit,
} from "../../../src/grade/mod.ts";
import { DATE } from "./client_lines.ts";
import { unlikeWords } from "./inputs.ts";
import { ctime, stamped } from "./stamp.ts";

const program = "client_udp";

export const clientUdpChecks: readonly Check[] = defineChecks([
  {
    id: "client-udp-lines",
    title: "Each line is one datagram without a line end, and its answer is printed",
    points: 2,
    program,
    hint:
      "A datagram begins and ends by itself: its data are the line without its end. An empty line " +
      "ends the client, and so does the end of its input",
    async run(bench) {
      const { random } = bench;
      const server = await bench.serveDatagrams();
      const client = await bench.startClient();
      for (const word of [random.words(5), random.words(4, 4)]) {
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
      const other = await bench.startClient({ lines: [] });
      await bench.step(
        "the input of another one has ended: it exits with status 0",
        () => expectExit(bench, other, 0),
      );
    },
  },
  {
    id: "client-udp-retry",
    title: "A datagram that is lost is sent again",
    points: 2,
    program,
    hint: "UDP never says that a datagram is lost. Wait no longer than the time limit of " +
      "--timeout, then send again",
    async run(bench) {
      const word = bench.random.words(5);
      await bench.link({ script: "lose 1" });
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 500 } });
      await bench.step("it reads a line from its input", () => client.type(word));
      const data = await bench.step(
        "the first datagram is lost, the next one comes",
        () => receiveLine(bench, server, word),
      );
      await bench.step("the answer is printed", async () => {
        const text = stamped(data, DATE);
        await server.send(text);
        await client.prints(text);
      });
    },
  },
  {
    id: "client-udp-gives-up",
    title: "Where no answer ever comes, the client gives up and goes on with the next line",
    points: 2,
    program,
    hint: "Neither wait for ever nor ask for ever: after --retries attempts (3) say so, and go on",
    async run(bench) {
      const [lost, found] = [bench.random.words(4), bench.random.words(5)];
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 300 }, lines: [lost, found] });
      const data = await bench.step(
        "the first line comes and is not answered, however often it comes, until the second comes",
        () => untilOther(bench, server, { from: lost, to: found }),
      );
      await bench.step("the answer to the second is printed", async () => {
        const text = stamped(data, DATE);
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
    hint: "After a retry two answers may come, and the network doubles datagrams. Does this one " +
      "end in the line that you have just sent? If not, go on waiting",
    async run(bench) {
      // Words of one length: a client that compares only that is to be noticed.
      const [first, ...others] = unlikeWords(bench.random, 3) as [string, string, string];
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 2_000 } });
      await bench.step("it reads a line, which is answered twice", async () => {
        await client.type(first);
        const data = await receiveLine(bench, server, first);
        await server.send(stamped(data, DATE));
        await server.send(stamped(data, DATE + 1_000));
        await client.prints(stamped(data, DATE));
      });
      for (const word of others) {
        const data = await bench.step("it reads another one, which is answered once", async () => {
          await client.type(word);
          const data = await receiveLine(bench, server, word);
          await server.send(stamped(data, DATE));
          return data;
        });
        await bench.step(
          "the answer to this one is printed",
          () => client.prints(stamped(data, DATE)),
        );
      }
    },
  },
  {
    id: "client-udp-foreign",
    title: "An answer from somebody else is not taken",
    points: 2,
    program,
    hint: "Anybody may send to your port. Compare the sender's address and port with the " +
      "server's. Where connect() on a UDP socket reaches the system, that does it for you; " +
      "node:dgram in Deno leaves it to you",
    async run(bench) {
      const server = await bench.serveDatagrams();
      const strangers = [
        ["another host", await bench.datagrams({ host: 2, port: bench.port })],
        ["another port of the server's host", await bench.datagrams({ host: 0 })],
      ] as const;
      const client = await bench.startClient({ values: { timeout: 2_000 } });
      await bench.step(
        "it reads a line from its input",
        () => client.type(bench.random.words(5)),
      );
      const { bytes, from } = await bench.step("the line comes", () => server.receive());
      const own = stamped(bytes, DATE);
      for (const [i, [whence, stranger]] of strangers.entries()) {
        await bench.step(`an answer comes from ${whence}`, async () => {
          await stranger.send(stamped(bytes, DATE + (i + 1) * 60_000), from);
        });
      }
      await bench.step("then the server's own is printed, and no other", async () => {
        await server.send(own, from);
        await client.prints(own);
        const printed = new TextDecoder().decode(client.stdout);
        for (const [i, [whence]] of strangers.entries()) {
          if (!printed.includes(ctime(DATE + (i + 1) * 60_000))) continue;
          bench.fail(`The client printed the answer from ${whence}`);
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
        const data = await bench.step(
          "the line comes as one datagram",
          () => receiveLine(bench, server, text),
        );
        await bench.step("the answer is printed", async () => {
          await server.send(stamped(data, DATE));
          await client.prints(stamped(data, DATE));
        });
      }
    },
  },
  {
    id: "client-udp-unknown-host",
    title: "A name that does not resolve is one clear line on standard error, and status 1",
    points: 1,
    program,
    hint:
      "Looking the name up fails, or sending does. Catch that, say it in one line, exit with status 1",
    run: checkUnknownHost,
  },
  {
    id: "client-udp-stop",
    title: "On SIGINT and SIGTERM the client closes its socket and exits with status 0",
    points: 1,
    program,
    hint: "Handle the signal: close the socket, print a line, exit with status 0",
    async run(bench) {
      const word = bench.random.words(5);
      const server = await bench.serveDatagrams();
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const client = await bench.startClient();
        await bench.step("it reads a line from its input", () => client.type(word));
        await bench.step("the line comes", () => receiveLine(bench, server, word));
        await bench.step(`it gets ${signal} and exits with status 0`, async () => {
          client.kill(signal);
          await expectExit(bench, client, 0);
        });
        await server.pending(); // It may have asked once more.
      }
    },
  },
]);

/** Receives a line as a datagram, whatever ends it; returns it as it came. */
async function receiveLine(bench: Bench, server: Datagrams, text: string): Promise<Uint8Array> {
  const { bytes } = await server.receive();
  bench.expectBytes(withoutEnd(bytes), text, "The datagram");
  return bytes;
}

/** Receives lines of one text until another one comes; fails where the first comes too often. */
async function untilOther(
  bench: Bench,
  server: Datagrams,
  { from, to }: { from: string; to: string },
): Promise<Uint8Array> {
  for (let times = 0; times < 30; times++) {
    const { bytes } = await server.receive();
    if (new TextDecoder().decode(withoutEnd(bytes)) === from) continue;
    if (times === 0) bench.expectBytes(bytes, from, "The first datagram");
    bench.expectBytes(withoutEnd(bytes), to, "The datagram after it");
    return bytes;
  }
  bench.fail(`The client sent "${from}" 30 times without an answer, and does not give up`);
}

function withoutEnd(bytes: Uint8Array): Uint8Array {
  const end = bytes.findLastIndex((byte) => byte !== 0x0d && byte !== 0x0a);
  return bytes.subarray(0, end + 1);
}
