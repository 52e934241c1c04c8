/**
 * Lab 6's server with one loop beside one in C with epoll, in turn, under the same load: answers a second.
 *
 * The load is two processes in C. Each says which share of a processor it took, and the server's share is read from
 * /proc: where the load takes less than a whole one and the server takes its own, the server is what limits.
 */
import { findLab, programCommand, resolveProgram } from "../../src/lab/mod.ts";

const root = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");
const sources = `${root}/tests/labs/lab6_load`;
const port = 12_063;
const rounds = 7;
const seconds = 3;
const generators = 2;
const connections = 25;
const size = 64;

interface Round {
  perSecond: number;
  /** Shares of a processor: the server's, and that of the busiest part of the load. */
  server: number;
  load: number;
}

const folder = Deno.makeTempDirSync({ prefix: "socklab-bench-" });
try {
  for (const name of ["upper", "load"]) {
    const args = ["-O2", "-o", `${folder}/${name}`, `${sources}/${name}.c`];
    const { success, stderr } = await new Deno.Command("cc", { args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }
  const program = resolveProgram(findLab(root, "lab6"), "server");
  const tools = { deno: Deno.execPath(), imports: `${root}/labs/imports.json` };
  const servers = {
    c: [`${folder}/upper`, `${port}`],
    loop: programCommand(program, ["--port", `${port}`], tools),
  };
  const measured = { c: [] as Round[], loop: [] as Round[] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ["c", "loop"] as const) measured[name].push(await once(servers[name]));
  }
  report(measured);
} finally {
  Deno.removeSync(folder, { recursive: true });
}

/** One server under load. */
async function once([command, ...args]: string[]): Promise<Round> {
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  await using server = new Deno.Command(command!, { args, ...quiet }).spawn();
  await listening();
  const before = { used: ticks(server.pid), at: performance.now() };
  const loads = await Promise.all(Array.from({ length: generators }, async () => {
    const words = [port, connections, size, seconds].map(String);
    const { stdout, stderr, success } = await new Deno.Command(`${folder}/load`, { args: words })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const [perSecond, share] = new TextDecoder().decode(stdout).split(" ").map(Number);
    return { perSecond: perSecond!, share: share! };
  }));
  const elapsed = (performance.now() - before.at) / 1000;
  const share = (ticks(server.pid) - before.used) / 100 / elapsed;
  return {
    perSecond: loads.reduce((sum, load) => sum + load.perSecond, 0),
    server: share,
    load: Math.max(...loads.map((load) => load.share)),
  };
}

async function listening(): Promise<void> {
  for (const deadline = performance.now() + 10_000;;) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Hundredths of a second that a process has run. */
function ticks(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function report(measured: Record<"c" | "loop", Round[]>): void {
  const of = (name: "c" | "loop", key: keyof Round) => median(measured[name].map((r) => r[key]));
  const percent = (share: number) => `${Math.round(100 * share)} %`.padStart(5);
  console.log(
    `Uppercase over TCP, ${generators * connections} clients with one message of ${size} bytes ` +
      `each under way, median of ${rounds}`,
  );
  for (const [name, title] of [["c", "C with epoll"], ["loop", "server_event_loop.ts"]] as const) {
    const figure = Math.round(of(name, "perSecond")).toLocaleString("en-US").padStart(8);
    console.log(
      `  ${title.padEnd(32)} ${figure} answers/s   of a processor: server ` +
        `${percent(of(name, "server"))}, busiest load ${percent(of(name, "load"))}`,
    );
  }
  const line = (title: string, figure: (round: Round) => number) => {
    const ratios = measured.loop.map((round, i) => figure(round) / figure(measured.c[i]!));
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`  ${title.padEnd(32)} ${median(ratios).toFixed(2).padStart(8)} x   ${range}`);
  };
  line("answers a second, at least 0.7", ({ perSecond }) => perSecond);
  // What is left of the ratio where other programs take part of the processor away from either.
  line("answers a second of its processor", ({ perSecond, server }) => perSecond / server);
  if (Math.min(of("c", "server"), of("loop", "server")) < 0.9) {
    console.log("  other programs kept the processors busy: measure again on a quiet machine");
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
