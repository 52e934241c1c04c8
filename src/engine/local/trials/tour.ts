/** Goes round a testbed of two client hosts and says in one JSON line what a program sees at each place. */
import type { ProgramSpec, RunningProgram } from "../../program.ts";
import type { StartedTestbed } from "../../testbed.ts";
import { startLocalTestbed } from "../start_local.ts";

const echo = `
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
for await (const [data, from] of socket) {
  const answer = new TextEncoder().encode(from.hostname + " said " + new TextDecoder().decode(data));
  await socket.send(answer, from);
}`;
const ask = `
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
await socket.send(new TextEncoder().encode("hello"),
  { transport: "udp", hostname: "server", port: 12000 });
const [data, from] = await socket.receive();
console.log(from.hostname + ": " + new TextDecoder().decode(data));`;
const look = `
grep -E '^(Cap|NoNewPrivs)' /proc/self/status
echo "names $(getent ahostsv4 server client client2 | awk '{print $1}' | sort -u | tr '\\n' ' ')"
echo "unknown $(getent hosts example.invalid; echo $?)"
echo "congestion $(cat /proc/sys/net/ipv4/tcp_congestion_control)"
echo "rp_filter $(cat /proc/sys/net/ipv4/conf/*/rp_filter | sort -u | tr '\\n' ' ')"
echo "table $(cat /proc/sys/net/ipv4/tcp_ehash_entries 2>/dev/null || echo 8192)"
echo "ipv6 $(cat /proc/net/if_inet6 2>/dev/null | wc -l)"
echo "first $(tr '\\0' ' ' </proc/1/cmdline | grep -c link/main.ts)"
echo "pwd $(pwd)"
ip link set dev eth0 down 2>/dev/null; echo "down $?"
ls "$STATE" >/dev/null 2>&1; echo "state $?"`;

async function output(program: RunningProgram) {
  const [stdout, stderr, exit] = await Promise.all([
    new Response(program.stdout).text(),
    new Response(program.stderr).text(),
    program.exited,
  ]);
  return { stdout, stderr, exit };
}

const deno = (code: string): ProgramSpec => ({
  command: [Deno.execPath(), "eval", "--no-config", "--unstable-net", code],
});

const sh = (script: string, env?: Record<string, string>): ProgramSpec => ({
  command: ["/bin/sh", "-c", script],
  cwd: "/tmp",
  ...(env ? { env } : {}),
});

async function tour(testbed: StartedTestbed) {
  const state = testbed.control.slice(0, testbed.control.lastIndexOf("/"));
  await testbed.begin({ profile: "", script: "" }, { profile: "", script: "" });
  await using _server = await testbed.startServer(deno(echo));
  const report = await testbed.awaitListening({ proto: "udp", port: 12000, timeoutMs: 20_000 });
  const answers = [];
  for (const host of [1, 2]) {
    answers.push((await output(await testbed.startClient({ ...deno(ask), host }))).stdout);
  }
  const counts = await testbed.end();
  const places = [];
  for (const place of ["server", 1, 2] as const) {
    const spec = sh(look, { STATE: state });
    const program = place === "server"
      ? await testbed.startServer(spec)
      : await testbed.startClient({ ...spec, host: place });
    const { stdout } = await output(program);
    const facts = stdout.trim().split("\n").map((line) => {
      const [, name, value] = /^(\w+):?\s*(.*?)\s*$/.exec(line)!;
      return [name, value];
    });
    places.push(Object.fromEntries(facts));
  }
  return {
    driver: testbed.driver,
    address: testbed.serverAddress,
    listening: report.listening,
    answers,
    seen: [counts.up.seen, counts.down.seen],
    places,
  };
}

await using testbed = await startLocalTestbed({ lab: "trial", clients: 2 });
console.log(JSON.stringify(await tour(testbed)));
