/** Checks of what every server asks of a stream, whichever its architecture: by name, for each to choose from. */
import {
  type Bench,
  type Check,
  checkPort,
  checkStops,
  type Stream,
} from "../../../src/grade/mod.ts";
import {
  askLine,
  checkBytes,
  checkOutlivesEmpty,
  checkOutlivesReset,
  comeAndGo,
  connect,
  randomLine,
  served,
  upper,
} from "./inputs.ts";

const MEGABYTES = 8;
/** Bytes that are read and compared at a time, a part of these. */
const PIECE = 100_000;
/** More than a pool of threads has threads: one of them would be waited for. */
const TOGETHER = 8;

/** A server of this lab, as its checks are named and worded. */
export interface Server {
  /** Its file's name without the ending. */
  program: string;
  /** What ids begin with. */
  prefix: string;
  /** What titles begin with, such as `The server with one loop`. */
  title: string;
  /** Clients one after another, by which a leak is found. */
  clients: number;
  /** Whether it begins a process for each client. */
  processes?: boolean;
}

type Subject = Pick<Check, "title" | "hint" | "run">;

/** Returns the checks named in `points`, in this order, with their points. */
export function streamChecks(server: Server, points: Readonly<Record<string, number>>): Check[] {
  const subjects = subjectsOf(server);
  return Object.entries(points).map(([name, worth]) => {
    const subject = subjects[name];
    if (subject === undefined) throw new RangeError(`There is no check ${name}`);
    const { program, prefix } = server;
    return { id: `${prefix}-${name}`, points: worth, program, ...subject };
  });
}

function subjectsOf({ title, clients, processes = false }: Server): Record<string, Subject> {
  return {
    "answers-at-once": {
      title: `${title} answers what has come, while the connection stays open`,
      hint: "Answer what a read has brought before you read again. A client that waits for its " +
        "answer sends neither more nor an end",
      async run(bench) {
        const text = bench.random.words(5);
        await bench.startServer();
        const stream = await connect(bench);
        await bench.step("it sends five bytes, without a line end", () => stream.send(text));
        await bench.step("their answer comes", () => stream.expect(text.toUpperCase()));
      },
    },
    "many-messages": {
      title: `${title} answers many messages on a connection, however they were cut`,
      hint: "A read may bring a part of a message, or several: TCP keeps no borders. Go on " +
        "reading and answering until read says that the stream has ended",
      async run(bench) {
        const [line, short] = [randomLine(bench, 5), randomLine(bench, 3)];
        const four = [3, 3, 0, 5].map((length) => randomLine(bench, length)).join("");
        await bench.startServer();
        const stream = await connect(bench);
        await bench.step(
          "it sends a line in two pieces",
          () => stream.sendApart([line.slice(0, 3), line.slice(3)]),
        );
        await bench.step("the whole answer comes", () => stream.expect(line.toUpperCase()));
        await bench.step("it sends a line byte by byte", () => stream.sendApart([...short]));
        await bench.step("the whole answer comes", () => stream.expect(short.toUpperCase()));
        await bench.step("it sends four lines at once", () => stream.send(four));
        await bench.step("all four answers come", () => stream.expect(four.toUpperCase()));
      },
    },
    "bytes": {
      title: `${title} changes a to z, and no other byte`,
      hint:
        "Work on bytes: 0x61 to 0x7A less 0x20, everything else as it is. Decoded to text and " +
        "encoded again, what is no text becomes something else",
      run: checkBytes,
    },
    "half-close": {
      title: `${title} answers a client in full that has ended its stream already`,
      hint:
        "A read that returns nothing means that the client will send no more. It may still be " +
        "reading: answer all that came, and close only then",
      async run(bench) {
        const line = randomLine(bench, 3, 4, 5);
        // The bytes wait on the wire until the end has overtaken them: the server gets both together.
        await bench.link({ script: "up: hold 3 until 4" });
        await bench.startServer();
        const stream = await connect(bench);
        await bench.step(
          "it sends a line and ends its stream (FIN); both arrive together",
          async () => {
            await stream.send(line);
            await stream.closeWrite();
          },
        );
        await bench.step("the answer comes", () => stream.expect(line.toUpperCase()));
      },
    },
    "slow-reader": {
      title: `${title} answers ${MEGABYTES} MB in full to a client that is slow to read`,
      hint: "While the client does not read, there is soon no room for what you write. A write " +
        "then takes only a part and says how much: write the rest, and read on only then",
      run: checkSlowReader,
    },
    "closes-sockets": {
      title: `${title} keeps no connection open whose client has gone`,
      hint: "Close a connection when its client has ended, also where something went wrong, and " +
        "close every copy of its descriptor. Until then it stays in CLOSE-WAIT",
      async run(bench) {
        await bench.startServer();
        const come = `${clients} clients come, each sends a line, gets its answer and closes`;
        await bench.step(come, async () => {
          for (let i = 0; i < clients; i++) await comeAndGo(bench);
        });
        await bench.step("none of these connections is left at the server", () => noneLeft(bench));
      },
    },
    "outlives-reset": {
      title: `${title} goes on when a client resets its connection`,
      hint:
        "A read or a write throws when the client has reset the connection. That ends the work " +
        "for this client; catch it there, and go on with the others",
      run: (bench) => checkOutlivesReset(bench),
    },
    "outlives-empty": {
      title: `${title} goes on when a client closes without a word`,
      hint: "The very first read may say that the stream has ended: close this connection, and " +
        "accept the next one",
      run: checkOutlivesEmpty,
    },
    "together": {
      title: `${title} keeps nobody waiting for a silent client`,
      hint: "Do not wait for one client's end before you serve the next: a pool that stays with " +
        "its clients has as many at a time as it has workers. And an answer goes back on the " +
        "connection that its request came on",
      run: checkTogether,
    },
    "in-turn": {
      title: `${title} serves the next client when the one before has closed, and not earlier`,
      hint: "Accept, serve until the client's end, close, accept the next: in a loop. Who comes " +
        "meanwhile waits in the backlog of the listening socket",
      run: checkInTurn,
    },
    "stops": {
      title: `${title} ends in order on Ctrl-C and SIGTERM`,
      hint:
        "Handle SIGINT (Ctrl-C) and SIGTERM: close the listening socket and every connection, " +
        "end what you have started, print one line, exit with status 0",
      run: (bench) => checkStops(bench, processes ? () => comeAnswered(bench) : undefined),
    },
    "port-taken": {
      title: `${title} says that its port is taken, in one line, status 1; --port names another`,
      hint: "Listening throws where the port is taken: catch that, print one line on standard " +
        "error, exit with status 1. The port is what --port says, and 12000 only where it says nothing",
      run: checkPort,
    },
  };
}

/** A server that begins a process for each client may otherwise be met half-way. */
async function comeAnswered(bench: Bench): Promise<Stream> {
  const stream = await bench.step("a client connects", () => bench.connect());
  await bench.step("it is answered", () => askLine(bench, stream));
  return stream;
}

async function checkSlowReader(bench: Bench) {
  await bench.startServer();
  const stream = await connect(bench);
  const bytes = bench.random.bytes(MEGABYTES * 1_000_000).map((byte) => 0x61 + byte % 26);
  let all = false;
  const poured = stream.pour(bytes).done.then(() => all = true);
  poured.catch(() => {}); // Reading will tell.
  await bench.step(
    `it sends ${MEGABYTES} MB, and reads nothing until its window is closed`,
    () =>
      bench.until("the server sends until the window is closed", async () => {
        const full = (await bench.packets()).some(({ dir, tcp }) => dir === "up" && tcp?.win === 0);
        return all || full || undefined;
      }),
  );
  await bench.step("it reads on, and the whole answer comes", async () => {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const answer = await stream.read(PIECE);
      const expected = upper(bytes.subarray(at, at + PIECE));
      if (answer.some((byte, i) => byte !== expected[i])) {
        bench.fail("Some of the answer is missing, or is another one than was asked for");
      }
    }
  });
}

async function checkTogether(bench: Bench) {
  await bench.startServer();
  const streams: Stream[] = [];
  await bench.step(`${TOGETHER} clients connect, and say nothing`, async () => {
    for (let i = 0; i < TOGETHER; i++) streams.push(await bench.connect({ host: 1 + i % 3 }));
  });
  const named = streams
    .map((stream, i) => ({ stream, line: `${bench.random.words(6)} ${i + 1}\n` })).reverse();
  await bench.step("the last one speaks first, then the one before; each is answered", async () => {
    for (const { stream, line } of named) {
      await stream.send(line);
      // Whoever is the first in vain is the kernel's choice, where several threads take connections: it is not told.
      const answer = await stream.read(line.length);
      bench.expectBytes(answer, line.toUpperCase(), "The answer");
    }
  });
  await bench.step("all speak before any reads; each gets its own answer", async () => {
    const again = `${bench.random.words(5)} `;
    for (const { stream, line } of named) await stream.send(again + line);
    for (const { stream, line } of named) await stream.expect((again + line).toUpperCase());
  });
}

async function checkInTurn(bench: Bench) {
  const [line, other, again] = [
    randomLine(bench, 5),
    randomLine(bench, 6),
    randomLine(bench, 3, 5),
  ];
  const server = await bench.startServer();
  const { first, second } = await bench.step(
    "two clients connect, and the first is answered",
    async () => {
      const [first, second] = [await bench.connect(), await bench.connect({ host: 2 })];
      await first.send(line);
      await first.expect(line.toUpperCase());
      await second.send(other);
      return { first, second };
    },
  );
  await bench.step("the first is answered again, the second not yet", async () => {
    await first.send(again);
    await first.expect(again.toUpperCase());
    const answered = (await bench.packets()).some(({ dir, dst, tcp }) =>
      dir === "down" && dst === second.local && tcp !== undefined && tcp.len > 0
    );
    if (answered) bench.fail("The second was answered while the first was still connected");
  });
  await bench.step("the first closes", () => first.close());
  await bench.step("the second, who has asked meanwhile, is answered", async () => {
    await second.expect(other.toUpperCase());
    await second.close();
  });
  await served(bench, server);
}

async function noneLeft(bench: Bench) {
  await bench.until("the server has closed every connection whose client has closed", async () => {
    const { CLOSE_WAIT = 0, ESTABLISHED = 0 } = await bench.socketStates();
    return CLOSE_WAIT + ESTABLISHED === 0 || undefined;
  });
}
