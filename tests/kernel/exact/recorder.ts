/**
 * Runs in the machine whose kernel is asked: reads cases (JSON) from standard input, sends each case's frames through
 * the kernel's netem, and writes what it did, a line a case. Needs root, tc and tracefs.
 */
import { fillFrame, readFrame } from "./frames.ts";
import { libc, monotonicNs, must } from "./libc.ts";
import { NetemTrace } from "./netem_trace.ts";
import { frameSender, Tap } from "./packet_socket.ts";
import {
  bytesOf,
  type Case,
  DISTRIBUTIONS,
  type Machine,
  markableOf,
  type Recording,
} from "./recording.ts";

const device = "exact0";

function run(command: string, args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) {
    throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout);
}

/** Which kernel and which tc answer, and the tables that come with tc. */
function machine(): Machine {
  const lib = [...Deno.readDirSync("/usr/lib")].map((entry) => `/usr/lib/${entry.name}/tc`);
  const folder = ["/usr/lib/tc", ...lib].find((path) => {
    try {
      return Deno.statSync(`${path}/normal.dist`).isFile;
    } catch {
      return false;
    }
  });
  const tables = Object.fromEntries(
    DISTRIBUTIONS.map((name) => [name, Deno.readTextFileSync(`${folder}/${name}.dist`)]),
  );
  return {
    kernel: Deno.osRelease(),
    tc: run("tc", ["-V"]).trim(),
    tables: tables as Machine["tables"],
  };
}

/** A cable that only this program's frames pass, its other end nobody's. */
function layCable(): Disposable {
  run("ip", ["link", "add", device, "type", "veth", "peer", "name", `${device}-end`]);
  for (const end of [device, `${device}-end`]) {
    run("ip", ["link", "set", end, "addrgenmode", "none"]);
    run("ip", ["link", "set", end, "arp", "off", "up"]);
  }
  return { [Symbol.dispose]: () => void run("ip", ["link", "del", device]) };
}

function netem(verb: "add" | "change", words: string): void {
  run("tc", ["qdisc", verb, "dev", device, "root", "netem", ...words.split(/\s+/).filter(Boolean)]);
}

/** Waits until nothing is in the queue any more. */
function drain(): void {
  const deadline = monotonicNs() + 60e9;
  for (;;) {
    const [qdisc] = JSON.parse(run("tc", ["-s", "-j", "qdisc", "show", "dev", device]));
    if (qdisc.qlen === 0) return;
    if (monotonicNs() > deadline) throw new Error(`${qdisc.qlen} packets stay in the queue`);
  }
}

function record(
  of: Case,
  trace: NetemTrace,
  tap: Tap,
  send: ReturnType<typeof frameSender>,
): Recording {
  const left: number[] = [];
  const frames = new Uint8Array(65536);
  trace.begin();
  const began = monotonicNs();
  let n = 0;
  for (const [index, sending] of of.sendings.entries()) {
    netem(index === 0 ? "add" : "change", `${sending.netem} ${sending.also ?? ""}`);
    const gapNs = (sending.gapUs ?? 0) * 1000;
    let due = monotonicNs();
    for (let i = 0; i < sending.packets; i++) {
      n++;
      const frame = frames.subarray(0, bytesOf(of, n));
      fillFrame(frame, n, markableOf(of, n));
      while (gapNs > 0 && monotonicNs() < due);
      due += gapNs;
      send(frame);
    }
  }
  drain();
  const seconds = (monotonicNs() - began) / 1e9;
  const did = trace.take();
  for (let frame = tap.next(); frame !== null; frame = tap.next()) {
    const seen = readFrame(frame, (number) => markableOf(of, number));
    left.push(seen.n, seen.flipped, seen.marked ? 1 : 0);
  }
  if (tap.missed() > 0) throw new Error("Give the tap a larger buffer: it missed frames");
  run("tc", ["qdisc", "del", "dev", device, "root"]);
  return { name: of.name, did: base64(did), left: base64(new Int32Array(left)), seconds };
}

function base64(of: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>): string {
  return new Uint8Array(of.buffer).toBase64();
}

console.log(JSON.stringify(machine()));
const cases = JSON.parse(await new Response(Deno.stdin.readable).text()) as Case[];
// One processor for all: what it does is in one order.
must("sched_setaffinity", libc.sched_setaffinity(0, 8n, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0])));
using _cable = layCable();
using trace = new NetemTrace();
const tap = new Tap(device);
const send = frameSender(device);
for (const of of cases) console.log(JSON.stringify(record(of, trace, tap, send)));
