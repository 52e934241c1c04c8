/**
 * How long a testbed takes to stand, beside the same network built bare: two `ip netns add`, a veth pair, addresses, up.
 * One run, interleaved; medians. The bare network is built in a mount and network namespace of the bench's own.
 *
 * ```sh
 * deno run -A src/engine/local/setup.bench.ts
 * ```
 */
import { fstab, setupScript } from "./script.ts";
import { startLocalTestbed } from "./start_local.ts";
import { createState, existingBases } from "../state.ts";
import { findTools } from "./tools.ts";
import { needsUserNamespace } from "./rights.ts";
import { hostsFile } from "./addresses.ts";
import { startTree } from "./tree.ts";

const rounds = Math.max(15, Number(Deno.env.get("BENCH_ROUNDS") ?? 21));
const wanted = 5;

const bare = `
mount -t tmpfs none /run
while read -r _; do
ip netns add a
ip netns add b
ip link add va type veth peer name vb
ip link set va netns a
ip link set vb netns b
ip -n a address add 10.0.0.1/24 dev va
ip -n b address add 10.0.0.2/24 dev vb
ip -n a link set va up
ip -n b link set vb up
echo up
ip netns delete a
ip netns delete b
echo down
done`;

/** A shell that builds the bare network each time it is told to; tells the milliseconds that building took. */
function startBare() {
  const tools = findTools();
  const user = needsUserNamespace() ? ["--user", "--map-root-user"] : [];
  const child = new Deno.Command(tools.unshare, {
    args: [...user, "--net", "--mount", "/bin/sh", "-c", bare],
    env: { PATH: `${Deno.env.get("PATH")}:/usr/sbin:/sbin` },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const until = async (word: string) => {
    while (!text.includes(word)) {
      const { value, done } = await output.read();
      if (done) throw new Error("The bare network could not be built");
      text += decoder.decode(value);
    }
  };
  return {
    async build(): Promise<number> {
      text = "";
      const began = performance.now();
      await input.write(new Uint8Array([10]));
      await until("up\n");
      const took = performance.now() - began;
      await until("down\n");
      return took;
    },
    async [Symbol.asyncDispose]() {
      await input.close();
      await child.status;
    },
  };
}

/** The namespaces with nothing in them: a link that says that it is ready, and no more. */
async function buildNamespaces(): Promise<number> {
  const began = performance.now();
  const since = new Date().toISOString();
  const state = createState({ lab: "bench", engine: "local", kind: "run", since, clients: 1 });
  Deno.writeTextFileSync(`${state.path}/hosts`, hostsFile(1, "bench"));
  Deno.writeTextFileSync(
    `${state.path}/fstab`,
    fstab({ state: state.path, hide: existingBases(), resolvConf: false }),
  );
  const tree = await startTree({
    tools: findTools(),
    userNamespace: needsUserNamespace(),
    script: setupScript(1),
    state: state.path,
    link: ["/bin/sh", "-c", `echo '{"v":1,"ready":true,"driver":"tun"}'; exec cat`],
  });
  const took = performance.now() - began;
  await tree.end();
  return took;
}

async function buildTestbed(): Promise<[up: number, down: number]> {
  const began = performance.now();
  const testbed = await startLocalTestbed({ lab: "bench" });
  const stood = performance.now();
  await testbed[Symbol.asyncDispose]();
  return [stood - began, performance.now() - stood];
}

/** Lets the kernel finish removing the namespaces before, which it does later on and which slows the next. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

await using network = startBare();
await network.build();
await buildTestbed();
const times = {
  bare: [] as number[],
  namespaces: [] as number[],
  up: [] as number[],
  down: [] as number[],
};
for (let round = 0; round < rounds; round++) {
  await settle();
  times.bare.push(await network.build());
  await settle();
  times.namespaces.push(await buildNamespaces());
  await settle();
  const [up, down] = await buildTestbed();
  times.up.push(up);
  times.down.push(down);
}
const base = median(times.bare);
const line = (name: string, values: number[], target = "") => {
  const value = median(values);
  const ratio = (value / base).toFixed(2);
  console.log(
    `${name.padEnd(34)} ${value.toFixed(1).padStart(7)} ms  ${ratio.padStart(5)} x${target}`,
  );
};
console.log(`Setting up, median of ${rounds}`);
line("bare: ip netns add, veth, up", times.bare);
line("namespaces, hub and veths", times.namespaces);
line("namespaces, hub, veths and link", times.up, `  (wanted: under ${wanted} x)`);
line("taking it down", times.down);
