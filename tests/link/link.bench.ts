/**
 * What the link costs: packets a second, exactness of its delay, TCP's throughput, memory; each beside the same path
 * without the link, in one run.
 */
import { startTestbed } from "../../src/engine/mod.ts";

const here = new URL(".", import.meta.url).pathname;
const wire = { profile: "", script: "" };

await using bed = await startTestbed("local", { lab: "bench" });

/** Runs a program at both ends; resolves to what the receiver printed last. */
async function transfer(script: string, receive: string[], send: string[]): Promise<Figures> {
  const program = (args: string[]) => ({
    command: [Deno.execPath(), "run", "-A", "--no-config", `${here}${script}`, ...args],
    cwd: here,
  });
  await using receiver = await bed.startServer(program(["receive", ...receive]));
  const proto = script === "traffic.ts" ? "udp" : "tcp";
  await bed.awaitListening({ proto, port: Number(receive[0]), timeoutMs: 5000 });
  await using sender = await bed.startClient(program(["send", ...send]));
  const said = await new Response(receiver.stdout).text();
  await sender.exited;
  return JSON.parse(said.trim().split("\n").at(-1)!) as Figures;
}

interface Figures {
  received: number;
  per_second: number;
  mean_us: number;
  p50_us: number;
  p99_us: number;
  mbit_per_s: number;
}

const line = (name: string, value: string, wanted = "") =>
  console.log(`  ${name.padEnd(46)} ${value.padStart(22)}${wanted && `   wanted: ${wanted}`}`);

/** The kernel's own path: rules before the link's lead past it for as long. */
async function withoutLink<T>(work: () => Promise<T>): Promise<T> {
  await atLink("ip rule add pref 0 lookup local; ip rule add pref 1 lookup main");
  try {
    return await work();
  } finally {
    await atLink("ip rule del pref 1; ip rule del pref 0");
  }
}

/** Runs a line of shell with the link's rights. */
async function atLink(script: string): Promise<string> {
  const [command, ...args] = bed.shellCommand!("link");
  const child = new Deno.Command(command!, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${script}\n`));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

/** The resident set holds 40 MB of Deno's executable, which programs share; the proportional one counts its share. */
async function memory(): Promise<string> {
  const text = await atLink("grep -E '^(Rss|Pss|Private_Dirty):' /proc/1/smaps_rollup");
  const of = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1000);
  return `rss ${of("Rss")}, pss ${of("Pss")}, own ${of("Private_Dirty")} MB`;
}

const flood = () =>
  transfer("traffic.ts", ["12000", "300000"], ["10.77.0.2", "12000", "0", "300000", "64"]);
const stream = () => transfer("tcp_stream.ts", ["9000"], ["10.77.0.2", "9000", "3"]);
const per = (figures: Figures) => Math.round(figures.per_second);

console.log("The link, tun driver");
line("memory at the start", await memory(), "pss under 70 MB");
await bed.begin(wire, wire);
const bare = await withoutLink(flood);
const linked = await flood();
line("64-byte datagrams a second, without the link", String(per(bare)));
line(
  "64-byte datagrams a second",
  `${per(linked)} (${(per(linked) / per(bare)).toFixed(2)} x)`,
  "at least 60000",
);
line("memory after that", await memory(), "pss under 70 MB");
const near = await withoutLink(() =>
  transfer("traffic.ts", ["12000", "3000"], ["10.77.0.2", "12000", "1000", "3000", "64"])
);
line("one way without the link, mean / p99", `${ms(near.mean_us)} / ${ms(near.p99_us)} ms`);
for (const [rate, count] of [[100, 500], [1000, 5000], [5000, 20000]] as const) {
  await bed.begin({ profile: "delay 50ms limit 10000", script: "" }, wire);
  const figures = await transfer("traffic.ts", ["12000", String(count)], [
    "10.77.0.2",
    "12000",
    String(rate),
    String(count),
    "64",
  ]);
  line(
    `beyond 50 ms at ${rate}/s, mean / p99`,
    `${ms(figures.mean_us - 50_000)} / ${ms(figures.p99_us - 50_000)} ms`,
    rate === 1000 ? "at most 0.1 / 0.3 ms" : "",
  );
}
await bed.begin(wire, wire);
const bareStream = await withoutLink(stream);
line("TCP without the link", `${Math.round(bareStream.mbit_per_s)} Mbit/s`);
line("TCP at 0 ms", await tcp(bareStream));
await bed.begin({ profile: "delay 25ms limit 100000", script: "" }, {
  profile: "delay 25ms limit 100000",
  script: "",
});
line("TCP at 50 ms there and back", await tcp(bareStream), "at least 300 Mbit/s");
line("memory at the end", await memory(), "pss under 70 MB");

async function tcp(bare: Figures): Promise<string> {
  const { mbit_per_s } = await stream();
  return `${Math.round(mbit_per_s)} Mbit/s (${(mbit_per_s / bare.mbit_per_s).toFixed(2)} x)`;
}

function ms(us: number): string {
  return (us / 1000).toFixed(3);
}
