/** Wrong on purpose: says nothing of requests that time out. */
import { parseArgs } from "@std/cli/parse-args";

const LARGEST = 65_507;

const options = parseArgs(Deno.args, {
  string: ["host", "port", "timeout", "retries", "count", "interval", "size"],
  default: { host: "server", port: "12000", timeout: "1000", retries: "3" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});
const port = number("port", options.port, 1, 65_535);
const timeout = number("timeout", options.timeout, 1, 3_600_000);

const server = await lookUp(options.host);
const socket = Deno.listenDatagram({
  transport: "udp",
  hostname: server.includes(":") ? "::" : "0.0.0.0",
  port: 0,
});

let onAnswer: (answer: Uint8Array) => void = () => {};
let onStop: () => void = () => console.log("Client stopped");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => end(0, onStop));
}
receive().catch((error) => fail(`cannot receive: ${error.message}`));
if (options.count === undefined) await keyboard();
else pinger(number("count", options.count, 1, 1_000_000));

async function keyboard() {
  const retries = number("retries", options.retries, 0, 1_000);
  const prompt = () => Deno.stdin.isTerminal() && Deno.stdout.writeSync(utf8("> "));
  let status = 0, answered = false;
  prompt();
  for await (const line of lines()) {
    const answer = await ask(line, retries);
    if (answer) Deno.stdout.writeSync(new Uint8Array([...answer, 0x0a]));
    answered ||= answer !== undefined;
    status = answered ? 0 : 1;
    prompt();
  }
  end(status);
}

async function ask(request: Uint8Array, retries: number): Promise<Uint8Array | undefined> {
  if (request.length > LARGEST) {
    console.error(`a datagram carries at most ${LARGEST} bytes, this line has ${request.length}`);
    return;
  }
  const expected = uppercase(request);
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  onAnswer = (answer) => {
    if (equal(answer, expected)) resolve(answer);
    else console.error("ignored an answer to another line");
  };
  try {
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (attempt > 0) {
        console.error(`no answer within ${timeout} ms, retry ${attempt} of ${retries}`);
      }
      await send(request);
      const answer = await Promise.race([promise, sleep(timeout)]);
      if (answer) return answer;
    }
    const times = retries === 1 ? "1 retry" : `${retries} retries`;
    console.error(`no answer within ${timeout} ms, gave up after ${times}`);
  } finally {
    onAnswer = () => console.error("ignored an answer that nobody waits for any more");
  }
}

async function pinger(count: number) {
  const interval = number("interval", options.interval ?? "1000", 0, 3_600_000);
  const size = number("size", options.size ?? "32", `ping ${count}`.length, LARGEST);
  const requests: { sentAt: number; state: "waiting" | "answered" | "timed out" }[] = [];
  const roundTrips: number[] = [];
  let unsettled = count;
  let duplicates = 0;
  let late = 0;

  onStop = () => printStatistics(requests.length, roundTrips, duplicates, late);
  const settle = () => --unsettled === 0 && end(roundTrips.length > 0 ? 0 : 1, onStop);

  onAnswer = (answer) => {
    const n = Number(/^PING (\d+)/.exec(new TextDecoder().decode(answer))?.[1]);
    const request = requests[n - 1];
    if (!request || !equal(answer, uppercase(numbered(n, size)))) {
      return console.log("ignored a datagram that answers no request");
    }
    const ms = performance.now() - request.sentAt;
    const { state } = request;
    request.state = "answered";
    if (state === "waiting") {
      console.log(`answer ${n}: ${ms.toFixed(2)} ms`);
      roundTrips.push(ms);
      settle();
    } else if (state === "timed out") {
      console.log(`answer ${n}: ${ms.toFixed(2)} ms, late`);
      late++;
    } else {
      console.log(`answer ${n}: ${ms.toFixed(2)} ms, duplicate`);
      duplicates++;
    }
  };

  console.log(`PING ${options.host} (${server}:${port}): ${count} datagrams of ${size} bytes`);
  const start = performance.now();
  for (let n = 1; n <= count; n++) {
    if (n > 1) await sleep(Math.max(0, start + (n - 1) * interval - performance.now()));
    const request: typeof requests[number] = { sentAt: performance.now(), state: "waiting" };
    requests.push(request);
    setTimeout(() => {
      if (request.state !== "waiting") return;
      request.state = "timed out";
      settle();
    }, timeout);
    await send(numbered(n, size));
  }
}

function numbered(n: number, size: number): Uint8Array<ArrayBuffer> {
  return utf8(`ping ${n} `.padEnd(size, "abcdefghijklmnopqrstuvwxyz").slice(0, size));
}

function printStatistics(sent: number, roundTrips: number[], duplicates: number, late: number) {
  const received = roundTrips.length;
  const lost = 100 * (sent - received) / sent;
  console.log(`\n--- ${options.host} ping statistics ---`);
  console.log(
    `${sent} packets transmitted, ${received} received, ` +
      (duplicates > 0 ? `+${duplicates} duplicates, ` : "") + (late > 0 ? `+${late} late, ` : "") +
      `${Number(lost.toPrecision(6))}% packet loss`,
  );
  if (received === 0) return;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / received;
  const average = mean(roundTrips);
  const mdev = Math.sqrt(mean(roundTrips.map((ms) => (ms - average) ** 2)));
  const figures = [Math.min(...roundTrips), average, Math.max(...roundTrips), mdev];
  console.log(`rtt min/avg/max/mdev = ${figures.map((ms) => ms.toFixed(3)).join("/")} ms`);
}

async function lookUp(host: string): Promise<string> {
  if (host.includes(":") || /^\d+(\.\d+){3}$/.test(host)) return host;
  try {
    const { lookup } = await import("node:dns/promises");
    return (await lookup(host, { family: 4 })).address;
  } catch {
    fail(`cannot find host ${host}: give its name or address with --host`);
  }
}

async function send(datagram: Uint8Array) {
  try {
    await socket.send(datagram, { transport: "udp", hostname: server, port });
  } catch (error) {
    fail(`cannot send to ${server}:${port}: ${(error as Error).message}`);
  }
}

async function receive() {
  const buffer = new Uint8Array(65_535);
  while (true) {
    const [data, sender] = await socket.receive(buffer);
    const from = sender as Deno.NetAddr;
    if (from.hostname === server && from.port === port) onAnswer(data.slice());
    else console.error(`ignored a datagram from ${from.hostname}:${from.port}: not the server`);
  }
}

function uppercase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function* lines(): AsyncGenerator<Uint8Array> {
  let rest: number[] = [];
  for await (const chunk of Deno.stdin.readable) {
    for (const byte of chunk) {
      if (byte !== 0x0a) rest.push(byte);
      else yield new Uint8Array(rest), rest = [];
    }
  }
  if (rest.length > 0) yield new Uint8Array(rest);
}

function number(name: string, value: string, min: number, max: number): number {
  const n = /^\d+$/.test(value) ? Number(value) : NaN;
  if (n >= min && n <= max) return n;
  fail(`--${name} must be a whole number from ${min} to ${max}, is "${value}"`, 2);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function end(status: number, say?: () => void): never {
  socket.close();
  say?.();
  Deno.exit(status);
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
