/** What is asked of lab3's server. */
import { checkDatagramServerStops, checkPort, defineChecks } from "../../../src/grade/mod.ts";
import { capitals, expectAnswer } from "./steps.ts";

const program = "server";

export const serverChecks = defineChecks([
  {
    id: "uppercase",
    title: "A client on another machine gets its letters back in capitals",
    points: 6,
    program,
    hint:
      "Listen at the lab's port on every interface, 0.0.0.0: 127.0.0.1 can be reached from the same machine only. Send the answer, its letters a-z in capitals, to the address that came with the request",
    async run(bench) {
      const text = bench.random.text(20);
      await bench.startServer();
      const client = await bench.datagrams();
      await bench.step("a client sends 20 letters, digits and spaces", () => client.send(text));
      await bench.step("they come back in capitals", () => expectAnswer(bench, client, text));
    },
  },
  {
    id: "every-byte",
    title: "Bytes that are no small letters come back unchanged",
    points: 6,
    program,
    hint:
      "Change the bytes from 0x61 to 0x7A and no others. Decoded as text and encoded again, bytes that are no UTF-8 become others",
    async run(bench) {
      const bytes = bench.random.everyByte();
      await bench.startServer();
      const client = await bench.datagrams();
      await bench.step("a client sends all bytes from 0x00 to 0xff", () => client.send(bytes));
      await bench.step("only a-z have changed", () => expectAnswer(bench, client, bytes));
    },
  },
  {
    id: "letters-beyond",
    title: "ß and é come back as they are, whole or cut in two",
    points: 4,
    program,
    hint:
      "A function for text turns ß into SS, and half a letter into a question mark. Work on the bytes: é is two of them, C3 and A9, and neither is a small letter",
    async run(bench) {
      const [text, before, behind] = [capitals(bench, 3), capitals(bench, 3), capitals(bench, 3)];
      const encoder = new TextEncoder();
      const requests = [
        ["ß, É and é", encoder.encode(`ß ${text} É é`)],
        ["the first half of an é", Uint8Array.of(...encoder.encode(before), 0xc3)],
        ["the second half", Uint8Array.of(0xa9, ...encoder.encode(behind))],
      ] as const;
      await bench.startServer();
      const client = await bench.datagrams();
      for (const [what, bytes] of requests) {
        await bench.step(`a client sends ${what}`, () => client.send(bytes));
        await bench.step("it comes back unchanged", () => expectAnswer(bench, client, bytes));
      }
    },
  },
  {
    id: "empty-datagram",
    title: "An empty datagram gets an empty answer",
    points: 4,
    program,
    hint:
      "A datagram may have no bytes at all. It is a request like any other, and not the end: there is no connection that could end",
    async run(bench) {
      const text = capitals(bench, 10);
      await bench.startServer();
      const client = await bench.datagrams();
      await bench.step("a client sends an empty datagram", () => client.send(""));
      await bench.step("an empty one comes back", () => expectAnswer(bench, client, ""));
      await bench.step("it sends another, of 10 bytes", () => client.send(text));
      await bench.step("that one comes back, too", () => expectAnswer(bench, client, text));
    },
  },
  {
    id: "sizes",
    title: "Datagrams of up to 1,473 bytes come back whole",
    points: 5,
    program,
    hint:
      "A read fills the buffer that it is given, and throws the rest of the datagram away. Give receive() one in which the largest datagram has room, not the 1,024 bytes of many a book",
    async run(bench) {
      await bench.startServer();
      const client = await bench.datagrams();
      for (const size of [1, 1_023, 1_024, 1_025, 1_472, 1_473]) {
        const text = capitals(bench, size);
        const bytes = size === 1 ? "1 byte" : `${size.toLocaleString("en-US")} bytes`;
        await bench.step(`a client sends ${bytes}`, () => client.send(text));
        await bench.step("the same come back", () => expectAnswer(bench, client, text));
      }
    },
  },
  {
    id: "largest-datagram",
    title: "The largest datagram there is, of 65,507 bytes, comes back whole",
    points: 4,
    program,
    hint:
      "An IP packet has 65,535 bytes at most: less 20 for its header and 8 for UDP's, 65,507 are left. What does not fit into the buffer is thrown away",
    async run(bench) {
      const text = capitals(bench, 65_507);
      await bench.startServer();
      const client = await bench.datagrams();
      await bench.step("a client sends 65,507 bytes, in 45 fragments", () => client.send(text));
      await bench.step("the same come back", () => expectAnswer(bench, client, text));
    },
  },
  {
    id: "two-clients",
    title: "Each answer goes to the client that asked",
    points: 6,
    program,
    hint:
      "One socket serves all clients. The answer goes to the address that came with the request, not to the first or the last client",
    async run(bench) {
      const [a1, a2, b1, b2] = ["A1", "A2", "B1", "B2"]
        .map((name) => `${name} ${capitals(bench, 5)}`) as [string, string, string, string];
      await bench.startServer();
      const [one, other] = [await bench.datagrams(), await bench.datagrams({ host: 2 })];
      await bench.step(
        "two clients on two hosts send in turn: A1 …, B1 …, B2 …, A2 …",
        async () => {
          await one.send(a1);
          await other.send(b1);
          await other.send(b2);
          await one.send(a2);
        },
      );
      const answers = async (client: typeof one) => {
        const texts = [await client.receive(), await client.receive()]
          .map(({ bytes }) => new TextDecoder().decode(bytes));
        // A server may serve several at a time.
        return texts.sort().join(" ");
      };
      await bench.step("the first client gets its two answers", async () => {
        bench.expectBytes(await answers(one), `${a1} ${a2}`, "In both together");
      });
      await bench.step("the second client gets its own", async () => {
        bench.expectBytes(await answers(other), `${b1} ${b2}`, "In both together");
      });
    },
  },
  {
    id: "from-where-asked",
    title: "Answers come from the address that was asked",
    points: 3,
    program,
    hint:
      "Answer on the socket that received the request. A client takes answers from the server's address and port only, since anybody else may send to it, too",
    async run(bench) {
      const text = capitals(bench, 10);
      await bench.startServer();
      const client = await bench.datagrams();
      await bench.step("a client sends 10 bytes", () => client.send(text));
      await bench.step("they come back from the server's port", () => client.expect(text));
    },
  },
  {
    id: "outlives-clients",
    title: "A client that has gone before its answer came does no harm to others",
    points: 4,
    program,
    hint:
      "The loop around receiving and sending must have no end, and nothing that one client does may break it",
    async run(bench) {
      await bench.startServer();
      const gone = await bench.datagrams({ host: 2 });
      await bench.step("a client sends, and closes its socket at once", async () => {
        await gone.send(capitals(bench, 4));
        await gone.close();
      });
      const client = await bench.datagrams();
      for (const which of ["another one", "it"]) {
        const text = capitals(bench, 10);
        await bench.step(`${which} sends 10 bytes`, () => client.send(text));
        await bench.step("they come back", () => expectAnswer(bench, client, text));
      }
    },
  },
  {
    id: "server-stops",
    title: "Ctrl-C and SIGTERM end the server with status 0, and its port is free again",
    points: 4,
    program,
    hint:
      "Handle SIGINT and SIGTERM: close the socket, print one line, exit with status 0. Where the socket is only closed, the receive() that waits on it fails",
    run: checkDatagramServerStops,
  },
  {
    id: "port-taken",
    title: "Its port taken, the server says so and ends with status 1; --port names another one",
    points: 4,
    program,
    hint:
      "Catch the error of listening (Deno.errors.AddrInUse), print one line with console.error() and exit with status 1. A stack trace is for the author of a program, not for its user. The port is what --port says, and 12000 only where it says nothing",
    run: checkPort,
  },
]);
