/**
 * Runs inside the rig: links that follow each other in one namespace, and what came of it, as a JSON object on standard
 * output.
 */
import { connectLink, linkCommand } from "../../../src/link/mod.ts";
import { serverAddress, Stage } from "../../link/stage.ts";
import { pingTimes } from "../ping_times.ts";

/** What came of it. */
export interface TwoLinks {
  /** Exit status and words of links that were started beside one with tc. */
  refused: { code: number; stderr: string }[];
  /** Whether the first was still followed by its own watch: pings seen, of 2. */
  seen: number;
  /** The fastest ping beside the queue of a killed link, and once another with tun was there: ms. */
  killed: number;
  after: number;
  /** The interface's `gso_max_segs` then. */
  segments: string;
}

await using stage = await Stage.start({ bare: true });
const argv = (driver: "tc" | "tun", socket: string) =>
  linkCommand(Deno.execPath(), {
    device: "eth0",
    driver,
    ownerStdin: false,
    socket: `${stage.folder}/${socket}`,
  });

/** A link that runs; settles once it is ready. */
async function start(driver: "tc" | "tun"): Promise<Deno.ChildProcess> {
  const [command, ...args] = stage.command("server", argv(driver, "a.sock"));
  const child = new Deno.Command(command!, { args, stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  if ((await reader.read()).done) throw new Error("The link did not start");
  return child;
}

async function end(child: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  child.kill(signal);
  await child.status;
}

async function fastest(): Promise<number> {
  const { stdout } = await stage.run(
    "client",
    ...["ping", "-c", "5", "-i", "0.05", "-W", "1", serverAddress],
  );
  return Math.min(...pingTimes(stdout).values());
}

const wire = { profile: "", script: "" };
const first = await start("tc");
const refused: TwoLinks["refused"] = [];
let seen: number;
{
  using link = await connectLink(`${stage.folder}/a.sock`);
  await link.begin({ profile: "delay 40ms", script: "" }, wire);
  for (const driver of ["tc", "tun"] as const) {
    const { code, stderr } = await stage.run("server", ...argv(driver, "b.sock"));
    refused.push({ code, stderr });
  }
  await stage.run("client", "ping", "-c", "2", "-i", "0.05", "-W", "5", serverAddress);
  seen = (await link.show()).up.counts.seen;
}
await end(first, "SIGKILL");
const killed = await fastest();
const second = await start("tun");
const after = await fastest();
const { stdout } = await stage.run("server", "ip", "-d", "link", "show", "eth0");
await end(second, "SIGTERM");
const segments = /gso_max_segs (\d+)/.exec(stdout)?.[1] ?? "";
console.log(JSON.stringify({ refused, seen, killed, after, segments } satisfies TwoLinks));
