/**
 * Sends bytes over TCP through a link, and prints what became of the segments, as one JSON line.
 *
 * ```sh
 * SOCKLAB_STAGE_DRIVER=tc deno run -A lost_segments.ts 5000000 'delay 10ms loss 0.5% seed 1'
 * ```
 */
import { serverAddress, Stage, stageDriver } from "../../link/stage.ts";

/** What is printed. */
export interface Transfer {
  driver: "tc" | "tun";
  /** Packets to the server, the handshake's and acknowledgements included. */
  seen: number;
  /** Numbers of those that were lost. */
  lost: number[];
  /** Of the lost ones, which bytes of the stream they carried: from the first, so many. */
  segments: [from: number, length: number][];
}

const [bytes, profile] = Deno.args;
// A window that is never the bound: what fits into it depends on when the receiver reads.
const before = "echo 4096 8000000 8000000 > /proc/sys/net/ipv4/tcp_rmem";
await using stage = await Stage.start({ before });
const [server, client] = await Promise.all([stage.peer("server"), stage.peer("client")]);
const stream = await stage.link.events();
const recorded = (async () => {
  let seen = 0, first = 0;
  const lost: number[] = [], segments: [number, number][] = [];
  for await (const event of stream) {
    if (event.ev === "end") return { seen, lost, segments };
    if (event.ev !== "packet" || event.dir !== "up" || event.tcp === undefined) continue;
    seen++;
    const { flags, seq, len } = event.tcp;
    if (flags.includes("S")) first = seq + 1;
    // What was still on its way when all had arrived is lost with the run's end.
    if (event.fate !== "lost" || event.cause === "end") continue;
    lost.push(event.n);
    segments.push([(seq - first) >>> 0, len]);
  }
  throw new Error("The link ended");
})();
await stage.link.begin({ profile: profile!, script: "" }, { profile: "delay 10ms", script: "" });
await server.sink(50000, "0.0.0.0");
const sent = await client.stream({ host: serverAddress, port: 50000 }, Number(bytes));
if (sent.remote !== sent.sha256) throw new Error("Other bytes arrived than were sent");
await stage.link.end();
const transfer: Transfer = { driver: stageDriver, ...await recorded };
console.log(JSON.stringify(transfer));
