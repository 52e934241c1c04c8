/** Checks of `server_udp`: a datagram each. */
import {
  type Bench,
  type Check,
  checkDatagramServerStops,
  checkPort,
  type Datagrams,
  defineChecks,
} from "../../../src/grade/mod.ts";
import { allBytes, beyondAscii } from "./inputs.ts";
import { checkTime } from "./keeps_time.ts";
import { expectAnswer, expectStamped } from "./stamp.ts";

const program = "server_udp";

export const serverUdpChecks: readonly Check[] = defineChecks([
  {
    id: "udp-answer",
    title: "A datagram is answered with a stamp and the datagram's bytes",
    points: 2,
    program,
    hint: 'An answer is "[", the time as C\'s ctime() prints it, "] ", and then the datagram as ' +
      "it was received. It has no line end unless the datagram has one",
    async run(bench) {
      await bench.startServer();
      const socket = await bench.datagrams();
      for (const place of ["a datagram", "another one"]) {
        await bench.step(`a client sends ${place} and receives the answer`, async () => {
          const text = bench.random.text(12);
          await socket.send(text);
          expectStamped(bench, (await socket.receive()).bytes, text, "The answer");
        });
      }
    },
  },
  {
    id: "udp-clock",
    title: "Each answer has the time at which it was given, by the server's clock and time zone",
    points: 2,
    program,
    hint: "Look at the clock for each answer anew, and take the local time, as ctime() does",
    async run(bench) {
      let socket: Datagrams;
      await checkTime(bench, {
        prepare: async () => void (socket = await bench.datagrams()),
        ask: (text) => ask(bench, socket, text),
      });
    },
  },
  {
    id: "udp-sizes",
    title: "Datagrams of up to 65,480 bytes are answered whole",
    points: 2,
    program,
    hint:
      "A read takes what fits into your buffer and throws the rest of the datagram away. Give " +
      "it a buffer of 65,535 bytes. The longest answer is 65,507 bytes, of which the stamp " +
      "takes 27",
    async run(bench) {
      await bench.startServer();
      const socket = await bench.datagrams();
      for (const size of [1_023, 1_024, 1_025, 1_472, 1_473, 65_480]) {
        await bench.step(
          `a client sends ${size.toLocaleString("en-US")} bytes, which come back`,
          () => ask(bench, socket, bench.random.text(size)),
        );
      }
    },
  },
  {
    id: "udp-too-long",
    title: "A datagram whose answer would be too long is not the server's end",
    points: 2,
    program,
    hint: "65,507 bytes and a stamp are more than a datagram carries: sending that fails with " +
      "EMSGSIZE. Catch it, and go on with the next datagram",
    async run(bench) {
      await bench.startServer();
      const socket = await bench.datagrams();
      await bench.step("a client sends 65,507 bytes", () => socket.send(bench.random.text(65_507)));
      await bench.step("it sends a short datagram, which is answered", async () => {
        const short = bench.random.words(5);
        await socket.send(short);
        // Cut off or not sent at all: how a server copes with the long one is its own business.
        let answer = await socket.receive();
        if (answer.bytes.length > 1_000) answer = await socket.receive();
        expectAnswer(bench, answer.bytes, short, "The answer");
      });
    },
  },
  {
    id: "udp-bytes",
    title: "Every byte comes back as it was, whether it is text or not",
    points: 2,
    program,
    hint:
      "Data are bytes. Decoded to text and encoded again, 0xFF becomes three other bytes: put " +
      "the stamp in front of the bytes that came",
    async run(bench) {
      const { random } = bench;
      await bench.startServer();
      const socket = await bench.datagrams();
      await bench.step(
        "text beyond ASCII comes back",
        () => ask(bench, socket, beyondAscii(random)),
      );
      await bench.step(
        "all bytes but CR and LF come back",
        () => ask(bench, socket, allBytes(random)),
      );
      await bench.step(
        "CR and LF come back, wherever they stand",
        () => ask(bench, socket, `\r\n ${random.words(2, 5)}\n${random.words(3, 6)}\r\n`),
      );
    },
  },
  {
    id: "udp-empty",
    title: "An empty datagram is answered with a stamp alone",
    points: 2,
    program,
    hint: "A datagram may be empty: a read of 0 bytes is no error and not the end. There is no " +
      "end, as there is no connection",
    async run(bench) {
      await bench.startServer();
      const socket = await bench.datagrams();
      await bench.step(
        "a client sends no bytes and receives a stamp",
        () => ask(bench, socket, ""),
      );
      await bench.step(
        "it sends some and receives the answer",
        () => ask(bench, socket, bench.random.words(4)),
      );
    },
  },
  {
    id: "udp-two-clients",
    title: "Each client is answered at its own address",
    points: 2,
    program,
    hint:
      "There is one socket for all clients. Send each answer to the address that its datagram " +
      "came from, which the read has told you",
    async run(bench) {
      const { random } = bench;
      const ones = [random.words(3), random.words(3, 5)];
      const twos = [random.words(4), random.words(4, 5)];
      await bench.startServer();
      const [one, two] = await bench.step("two clients open their sockets", async () => [
        await bench.datagrams({ host: 1 }),
        await bench.datagrams({ host: 2 }),
      ]) as [Datagrams, Datagrams];
      await bench.step("they send in turns: one, two, two, one", async () => {
        await one.send(ones[0]!);
        await two.send(twos[0]!);
        await two.send(twos[1]!);
        await one.send(ones[1]!);
      });
      await bench.step("the first receives its two answers", async () => {
        await receive(bench, one, ones);
      });
      await bench.step("the second receives its own", async () => {
        await receive(bench, two, twos);
      });
    },
  },
  {
    id: "udp-stop",
    title: "On SIGINT and SIGTERM the server closes its socket and exits with status 0",
    points: 2,
    program,
    hint: "Handle the signal: close the socket, print a line, exit with status 0",
    run: checkDatagramServerStops,
  },
  {
    id: "udp-port-taken",
    title: "A port that is taken is one clear line and status 1; --port names another one",
    points: 1,
    program,
    hint:
      "Binding fails where another program has the port. Catch that, say it in one line, exit " +
      "with status 1. The port is what --port says, and 21567 only where it says nothing",
    run: checkPort,
  },
]);

/** Sends a datagram and compares its answer; returns the stamp's time. */
async function ask(bench: Bench, socket: Datagrams, data: string | Uint8Array): Promise<string> {
  await socket.send(data);
  return expectAnswer(bench, (await socket.receive()).bytes, data, "The answer");
}

/** Receives answers, in any order: datagrams may overtake each other. */
async function receive(bench: Bench, socket: Datagrams, texts: string[]): Promise<void> {
  const [first, second] = [await socket.receive(), await socket.receive()];
  const ends = (answer: Uint8Array) => new TextDecoder().decode(answer).endsWith(` ${texts[1]}`);
  const inOrder = ends(first.bytes) ? [second, first] : [first, second];
  for (const [i, { bytes }] of inOrder.entries()) {
    expectAnswer(bench, bytes, texts[i]!, `The answer to "${texts[i]}"`);
  }
}
