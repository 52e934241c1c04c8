/** What is graded in lab 3: the uppercase service over UDP. */
import { defineChecks } from "../../src/grade/mod.ts";

/** Only the letters of ASCII change. */
function uppercase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}

/** The checks, in the order in which a student meets their subjects. */
export const checks = defineChecks([
  {
    id: "uppercase",
    title: "A datagram of small letters comes back in capitals",
    points: 10,
    program: "server",
    hint: "Read a datagram, turn a-z into A-Z, and send the result to the address that the datagram came from",
    async run(bench) {
      await bench.startServer();
      const client = await bench.datagrams();
      const text = bench.random.text(20);
      await bench.step("a client sends 20 letters and digits", () => client.send(text));
      await bench.step("they come back in capitals", () => client.expect(text.toUpperCase()));
    },
  },
  {
    id: "every-byte",
    title: "Bytes that are no small letters come back unchanged",
    points: 10,
    program: "server",
    hint: "Work on the bytes themselves: decoding them as text replaces those that are not valid UTF-8",
    async run(bench) {
      await bench.startServer();
      const client = await bench.datagrams();
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await bench.step("a client sends all bytes from 0x00 to 0xff", () => client.send(bytes));
      await bench.step("only a-z have changed", () => client.expect(uppercase(bytes)));
    },
  },
  {
    id: "two-clients",
    title: "Each answer goes to the client that asked",
    points: 10,
    program: "server",
    hint: "Send the answer to the address that came with the request, not to the first or the last client",
    async run(bench) {
      await bench.startServer();
      const [one, other] = [await bench.datagrams(), await bench.datagrams({ host: 2 })];
      await bench.step("two clients on two hosts send in turn", async () => {
        await one.send("first of one");
        await other.send("first of the other");
        await one.send("second of one");
      });
      await bench.step("the first client gets its two answers", async () => {
        await one.expect("FIRST OF ONE");
        await one.expect("SECOND OF ONE");
      });
      await bench.step("the second client gets its own", () => other.expect("FIRST OF THE OTHER"));
    },
  },
  {
    id: "client-retries",
    title: "A lost request is sent again",
    points: 10,
    program: "client",
    hint: "Wait for the answer with a time limit (--timeout), and send the request again when it is over",
    async run(bench) {
      await bench.link({ script: "lose 1" });
      const server = await bench.serveDatagrams();
      const client = await bench.startClient({ values: { timeout: 200 }, lines: ["hello"] });
      const request = await bench.step(
        "its first datagram is lost, another one comes",
        () => server.receive(),
      );
      bench.expectBytes(request.bytes, "hello", "the request that was sent again");
      await bench.step("the answer is printed", async () => {
        await server.send("HELLO", request.from);
        await client.prints("HELLO");
      });
    },
  },
]);
