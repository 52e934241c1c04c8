/**
 * What the tests of `KernelNetem` do in a rig: `ip netns exec served deno run -A inside.ts SCENARIO`, in the server's
 * namespace of `namespaces.ts`. Prints JSON.
 */
import { KernelNetem, probeTc, tapDevices } from "../../../src/link/tc/mod.ts";
import { parseProfile, type Profile } from "../../../src/netem/mod.ts";
import { readPcap } from "../../../src/packet/mod.ts";
import { until } from "../../link/poll.ts";
import { run } from "../../link/stage.ts";
import { capture } from "./capture.ts";
import { sentBy, waiting } from "./devices.ts";
import { flood } from "./flood.ts";
import { on } from "./namespaces.ts";
import { both, nobody, openNetem } from "./netem.ts";
import { fastest, fates, ping } from "./pings.ts";

/** What a shell's script prints. */
async function out(script: string): Promise<string> {
  return (await run(["sh", "-c", script])).stdout;
}

/** All that a link may have touched. */
async function state(): Promise<string> {
  return await out(
    "ip -d link show | grep -v ifindex; tc qdisc show; tc filter show dev e0 ingress",
  );
}

const messageOf = (act: Promise<unknown>) => act.then(() => "", (error: Error) => error.message);

const scenarios: Record<string, () => Promise<unknown>> = {
  async delays() {
    await out("ip link set e0 gso_max_segs 40");
    const before = await state();
    const facts = await probeTc();
    const probed = await state();
    let inside;
    {
      await using netem = await KernelNetem.open(on, facts);
      const perfect = await fastest(on.address);
      await netem.begin(both("delay 20ms seed 1", "delay 30ms seed 2"), nobody);
      inside = {
        perfect,
        four: await fastest(on.address),
        six: await fastest(on.six.address),
        segments: /gso_max_segs (\d+)/.exec(await out("ip -d link show e0"))?.[1],
      };
    }
    return {
      facts,
      before,
      probed,
      after: await state(),
      afterwards: await fastest(on.address),
      ...inside,
    };
  },

  async neighbours() {
    await using netem = await openNetem();
    await netem.begin(both("loss 100%", "loss 100%"), nobody);
    await out("ip -n client neigh flush all; ip neigh flush all");
    const answers = (await ping(on.address, "-c 1 -W 1")).size +
      (await ping(on.six.address, "-c 1 -W 1")).size;
    const neighbours = JSON.parse(await out("ip -n client -j neigh show dev c0")) as {
      dst: string;
      lladdr?: string;
    }[];
    const known = [on.address, on.six.address].map((dst) =>
      neighbours.some((one) => one.dst === dst && one.lladdr !== undefined)
    );
    await netem.begin(both("loss 50% seed 42"), nobody);
    const linkLocal = /fe80:[^/]*/.exec(await out("ip -6 addr show dev e0"))![0];
    let digits = "", chatter = 0;
    for (let i = 0; i < 6; i++) {
      await out("ip -n client neigh flush all; ip neigh flush all");
      chatter += (await ping(`${linkLocal}%c0`, "-c 2 -i 0.02 -W 1")).size;
      digits += await fates(8);
    }
    return { answers, known, chatter, digits };
  },

  async duplicates() {
    await using netem = await openNetem();
    await fastest(on.address);
    await netem.begin(both("duplicate 100%"), nobody);
    const devices = [tapDevices[netem.chains.up], `link-up-${netem.chains.up}`];
    const before = await Promise.all(devices.map(sentBy));
    await ping(on.address, "-c 5 -i 0.05 -W 1");
    const after = await Promise.all(devices.map(sentBy));
    const [shown, left] = after.map((count, i) => count - before[i]!);
    return { shown, left };
  },

  async change() {
    await using netem = await openNetem();
    /** Three pings that wait in the queue while something is done. */
    const during = async (act: () => Promise<unknown>) => {
      const pings = ping(on.address, "-c 3 -i 0.1 -W 4");
      await until(waiting, ({ up }) => up === 3);
      const answer = await act();
      const left = (await waiting()).up;
      return { answer, left, came: (await pings).size };
    };
    await netem.begin(both("delay 2s"), nobody);
    const kept = await during(() => netem.change("up", parseProfile("loss 100%"), nobody));
    await netem.begin(both("delay 2s 1us distribution normal"), nobody);
    const chains = netem.chains;
    const fresh = await during(() =>
      netem.change("up", parseProfile("delay 1ms 1us loss 100%"), nobody)
    );
    const moved = { up: netem.chains.up !== chains.up, down: netem.chains.down !== chains.down };
    await netem.begin(both("delay 2s"), nobody);
    const flushed = await during(() => netem.flush(nobody));
    const begun = await during(() => netem.begin(both("delay 1ms"), nobody));
    await netem.begin(both("loss 50% seed 9"), nobody);
    const first = await fates(10);
    await netem.change("up", parseProfile("loss 50% delay 1ms"), nobody);
    const goesOn = await fates(10);
    await netem.change("up", parseProfile("loss 50% seed 9"), nobody);
    return { kept, fresh, moved, flushed, begun, first, goesOn, again: await fates(10) };
  },

  async segments() {
    await using _netem = await openNetem();
    const largest = async (file: string) =>
      Math.max(...readPcap(await Deno.readFile(file)).map(({ originalLength }) => originalLength));
    const taps = [
      await capture("c0", 60, "tcp", "client"),
      await capture(tapDevices[0], 60, "tcp"),
    ];
    const bytes = await out(`
      head -c 2000000 /dev/zero >/tmp/two
      socat -u TCP-LISTEN:9001,reuseaddr OPEN:/tmp/upwards,creat,trunc & socat -u OPEN:/tmp/two TCP-LISTEN:9002,reuseaddr &
      until [ $(ss -tln | grep -c ':900[12]') = 2 ]; do sleep 0.1; done
      ip netns exec client socat -u OPEN:/tmp/two TCP:${on.address}:9001
      ip netns exec client socat -u TCP:${on.address}:9002 - | wc -c
      wait; wc -c </tmp/upwards`);
    const missed = [];
    for (const tap of taps) missed.push(await tap.stop());
    const [sent, shown] = await Promise.all(taps.map(({ file }) => largest(file)));
    return { bytes: bytes.trim().split("\n").map(Number), missed, sent, shown };
  },

  async failures() {
    await using netem = await openNetem();
    await netem.begin(both("delay 20ms"), nobody);
    const chains = JSON.stringify(netem.chains);
    const wrong: Profile = {
      ...parseProfile(""),
      slot: { kind: "range", minNs: 1, maxNs: 1, packets: -3, bytes: 0 },
    };
    const messages = [
      await messageOf(netem.begin({ up: parseProfile("loss 100%"), down: wrong }, nobody)),
      await messageOf(netem.begin(both("loss 100%"), () => Promise.reject(new Error("not ready")))),
      await messageOf(netem.change("up", wrong, nobody)),
    ];
    const same = JSON.stringify(netem.chains) === chains;
    return { messages, same, still: await fastest(on.address) };
  },

  /** A link that is killed. */
  async hold() {
    const netem = await openNetem();
    await netem.begin(both("delay 20ms", "delay 20ms"), nobody);
    console.log("held");
    await new Promise(() => setInterval(() => {}, 1000));
  },

  async leftovers() {
    const before = await state();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(import.meta.url).pathname, "hold"],
      stdout: "piped",
      stdin: "null",
    }).spawn();
    await child.stdout.getReader().read();
    child.kill("SIGKILL");
    await child.status;
    const left = await fastest(on.address);
    let opened, begun;
    {
      await using netem = await openNetem();
      opened = await fastest(on.address);
      await netem.begin(both("delay 10ms"), nobody);
      begun = await fastest(on.address);
    }
    return { left, opened, begun, restored: await state() === before };
  },

  flood,
};

if (import.meta.main) console.log(JSON.stringify(await scenarios[Deno.args[0]!]!()));
