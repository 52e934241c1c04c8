/** Wrong on purpose: reads answers into a buffer of 1,024 bytes, so that longer ones are cut. */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "timeout", "retries", "count", "interval", "size"],
  default: { port: "12000", timeout: "1000", retries: "3", interval: "1000", size: "32" },
});
const host = options.host ?? "server";
const server = { transport: "udp", hostname: host, port: Number(options.port) } as const;
const timeout = Number(options.timeout);
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });

let onAnswer: (answer: Uint8Array) => void = () => {};
let onStop = () => console.log("Client stopped");
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => (onStop(), Deno.exit(0)));
}
receive();
if (options.count === undefined) await keyboard();
else await pinger(Number(options.count), Number(options.size));

async function keyboard() {
  for await (const line of lines()) {
    const answer = await ask(line);
    if (answer) Deno.stdout.writeSync(new Uint8Array([...answer, 0x0a]));
    else console.error("no answer");
  }
  Deno.exit(0);
}

async function ask(request: Uint8Array): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  onAnswer = (answer) => {
    if (isAnswer(answer, request)) resolve(answer);
  };
  for (let attempt = 0; attempt <= Number(options.retries); attempt++) {
    await send(request);
    const answer = await Promise.race([promise, sleep(timeout)]);
    if (answer) return answer;
  }
}

async function pinger(count: number, size: number) {
  const requests: { data: Uint8Array; sentAt: number; state: string }[] = [];
  const times: number[] = [];
  let open = count;

  onAnswer = (answer) => {
    const n = Number(/^PING (\d+)/.exec(new TextDecoder().decode(answer))?.[1]);
    const request = requests[n - 1];
    if (!request || !isAnswer(answer, request.data)) return;
    const ms = performance.now() - request.sentAt;
    const before = request.state;
    console.log(`answer ${n}: ${ms.toFixed(2)} ms${before === "waiting" ? "" : `, ${before}`}`);
    if (before !== "waiting") return;
    request.state = "duplicate";
    times.push(ms);
    settle();
  };
  onStop = () => statistics(requests.length, times);
  function settle() {
    if (--open > 0) return;
    onStop();
    Deno.exit(times.length > 0 ? 0 : 1);
  }

  const start = performance.now();
  for (let n = 1; n <= count; n++) {
    await sleep(start + (n - 1) * Number(options.interval) - performance.now());
    const text = `ping ${n} `.padEnd(size, "abcdefghijklmnopqrstuvwxyz").slice(0, size);
    const request = {
      data: new TextEncoder().encode(text),
      sentAt: performance.now(),
      state: "waiting",
    };
    requests.push(request);
    setTimeout(() => {
      if (request.state !== "waiting") return;
      request.state = "late";
      console.log(`request ${n} timed out`);
      settle();
    }, timeout);
    await send(request.data);
  }
}

function statistics(sent: number, times: number[]) {
  const loss = Number((100 * (sent - times.length) / sent).toPrecision(6));
  console.log(`\n--- ${host} ping statistics ---`);
  console.log(`${sent} packets transmitted, ${times.length} received, ${loss}% packet loss`);
  if (times.length === 0) return;
  const mean = (values: number[]) => values.reduce((sum, ms) => sum + ms, 0) / values.length;
  const average = mean(times);
  const mdev = Math.sqrt(mean(times.map((ms) => (ms - average) ** 2)));
  const figures = [Math.min(...times), average, Math.max(...times), mdev];
  console.log(`rtt min/avg/max/mdev = ${figures.map((ms) => ms.toFixed(3)).join("/")} ms`);
}

async function send(data: Uint8Array) {
  try {
    await socket.send(data, server);
  } catch (error) {
    console.error(`client: cannot send to ${host}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}

async function receive() {
  const buffer = new Uint8Array(1_024);
  while (true) {
    const [data, sender] = await socket.receive(buffer);
    const from = sender as Deno.NetAddr;
    if (from.hostname === host && from.port === server.port) onAnswer(data.slice());
  }
}

function isAnswer(answer: Uint8Array, request: Uint8Array): boolean {
  const upper = request.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
  return answer.length === upper.length && answer.every((byte, i) => byte === upper[i]);
}

async function* lines(): AsyncGenerator<Uint8Array> {
  let rest: number[] = [];
  for await (const chunk of Deno.stdin.readable) {
    for (const byte of chunk) {
      if (byte !== 0x0a) rest.push(byte);
      else yield new Uint8Array(rest), rest = [];
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
