/** Wrong on purpose: takes the next datagram for the answer. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const RETRIES = 3;
const options = parseArgs(Deno.args, {
  string: ["host", "port", "timeout"],
  default: { host: "server", port: "21567", timeout: "1000" },
});
const server = { hostname: options.host, port: Number(options.port) };
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    socket.close();
    print(utf8("Client stopped\n"));
    Deno.exit(0);
  });
}

const waiting: Uint8Array[] = [];
let onAnswer = keep;
receive();
print(utf8("> "));
for await (const line of lines(Deno.stdin)) {
  if (line.length === 0) break;
  const answer = await ask(line);
  print(concat([answer ?? utf8("no answer"), utf8("\n> ")]));
}
Deno.exit(0);

async function ask(line: Uint8Array): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const early = waiting.shift();
  if (early) resolve(early);
  else onAnswer = resolve;
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    await send(line);
    const answer = await Promise.race([promise, sleep(Number(options.timeout))]);
    if (answer) {
      onAnswer = keep;
      return answer;
    }
  }
}

async function send(datagram: Uint8Array) {
  try {
    await socket.send(datagram, { transport: "udp", ...server });
  } catch (error) {
    console.error(`client: cannot send to ${server.hostname}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}

async function receive() {
  const buffer = new Uint8Array(65_535);
  while (true) {
    const [data, from] = await socket.receive(buffer);
    const { hostname, port } = from as Deno.NetAddr;
    if (hostname === server.hostname && port === server.port) onAnswer(data.slice());
  }
}

function keep(answer: Uint8Array) {
  waiting.push(answer);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function* lines(source: typeof Deno.stdin): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array();
  for (let length; (length = await source.read(buffer)) !== null;) {
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(0x0a)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, bytes[end - 1] === 0x0d ? end - 1 : end);
    }
  }
  if (bytes.length > 0) yield bytes;
}

function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
