/** Wrong on purpose: looks at the host of who answers, not at the port. */
import { lookup } from "node:dns/promises";
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const STAMP_LENGTH = 27;

const options = parseArgs(Deno.args, {
  string: ["host", "port", "timeout", "retries"],
  default: { host: "server", port: "21567", timeout: "1000", retries: "3" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});
const timeout = number("timeout", options.timeout, 3_600_000);
const retries = number("retries", options.retries, 1_000);
const port = number("port", options.port, 65_535);

const server = await lookUp(options.host);
const socket = Deno.listenDatagram({
  transport: "udp",
  hostname: server.includes(":") ? "::" : "0.0.0.0",
  port: 0,
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => end(0, "Client stopped\n"));
}

let onAnswer: (answer: Uint8Array) => void = () => {};
receive().catch((error) => fail(`cannot receive: ${error.message}`));

let status = 0, answered = false;
prompt();
for await (const line of lines(Deno.stdin)) {
  const message = withoutEnd(line);
  if (message.length === 0) end(status);
  const answer = await ask(message);
  if (answer) print(concat([answer, utf8("\n")]));
  answered ||= answer !== undefined;
  status = answered ? 0 : 1;
  prompt();
}
end(status, "\n"); // The input has ended (Ctrl-D) where a line was asked for.

async function ask(message: Uint8Array): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  onAnswer = (answer) => answers(answer, message) && resolve(answer);
  for (let attempt = 0; attempt <= retries; attempt++) {
    if (attempt > 0) {
      console.error(`no answer within ${timeout} ms, retry ${attempt} of ${retries}`);
    }
    if (!await send(message)) return;
    const answer = await Promise.race(timeout === 0 ? [promise] : [promise, sleep(timeout)]);
    if (answer) return answer;
  }
  const times = retries === 1 ? "1 retry" : `${retries} retries`;
  console.error(`no answer within ${timeout} ms, gave up after ${times}`);
}

function answers(answer: Uint8Array, message: Uint8Array): boolean {
  return answer.length === STAMP_LENGTH + message.length &&
    message.every((byte, i) => byte === answer[STAMP_LENGTH + i]);
}

async function receive() {
  const buffer = new Uint8Array(65_535);
  while (true) {
    const [data, sender] = await socket.receive(buffer);
    const from = sender as Deno.NetAddr;
    if (from.hostname === server) onAnswer(data.slice());
  }
}

async function send(datagram: Uint8Array): Promise<boolean> {
  try {
    await socket.send(datagram, { transport: "udp", hostname: server, port });
    return true;
  } catch (error) {
    const { message } = error as Error;
    if (!message.startsWith("Message too long")) {
      fail(`cannot send to ${server}:${port}: ${message}`);
    }
    console.error(`no datagram carries ${datagram.length} bytes: type a shorter line`);
    return false;
  }
}

async function lookUp(host: string): Promise<string> {
  if (host.includes(":")) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch {
    fail(`cannot find host ${host}: give its name or address with --host`);
  }
}

async function* lines(source: typeof Deno.stdin): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array();
  for (let length; (length = await source.read(buffer)) !== null;) {
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(LINE_FEED)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, end + 1);
    }
  }
  if (bytes.length > 0) yield bytes;
}

function withoutEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) === LINE_FEED) line = line.subarray(0, -1);
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

function prompt() {
  print(utf8("> "));
}

function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function number(name: string, value: string, max: number): number {
  if (/^\d+$/.test(value) && Number(value) <= max) return Number(value);
  fail(`--${name} must be a whole number up to ${max}, is "${value}"`, 2);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function end(status: number, say = ""): never {
  socket.close();
  print(utf8(say));
  Deno.exit(status);
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
