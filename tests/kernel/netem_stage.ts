/**
 * What the tests of `KernelNetem` do in a rig: `ip netns exec served deno run -A netem_stage.ts SCENARIO`, in the
 * server's namespace of {@linkcode namespaces}. Prints JSON.
 */
import { tcNetem } from "../../src/link/mod.ts";
import { parseProfile, type Profile } from "../../src/netem/mod.ts";
import { readPcap } from "../../src/packet/mod.ts";

const { KernelNetem, probeTc, tapDevices } = tcNetem;

/** The server's interface in the stage. */
const on = {
  device: "e0",
  address: "10.77.0.2",
  prefix: 24,
  six: { address: "fd00:77::2", prefix: 64 },
  mtu: 1500,
};
const nobody = () => Promise.resolve();
const wire = parseProfile("");

async function out(command: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout);
}

/** Pings from the client: times in ms, by number. */
async function ping(to: string, words: string): Promise<Map<number, number>> {
  const text = await out(`ip netns exec client ping -n ${words} ${to}`);
  return new Map(
    [...text.matchAll(/icmp_seq=(\d+) .*time=([\d.]+) ms/g)].map(([, n, ms]) => [+n!, +ms!]),
  );
}

/** The fastest of some pings, in ms: what the wire takes, and not the machine. */
async function fastest(to: string): Promise<number> {
  return Math.min(...(await ping(to, "-c 5 -i 0.05 -W 1")).values());
}

/** A digit for each of `count` pings: whether it came back. */
async function fates(count: number, first = 1): Promise<string> {
  const came = await ping(on.address, `-c ${count} -i 0.02 -W 0.5`);
  return Array.from({ length: count }, (_, i) => came.has(first + i) ? "1" : "0").join("");
}

/** All that a link may have touched. */
async function state(): Promise<string> {
  return await out(
    "ip -d link show | grep -v ifindex; tc qdisc show; tc filter show dev e0 ingress",
  );
}

function open() {
  return probeTc().then((facts) => KernelNetem.open(on, facts));
}

/** Both directions' profiles. */
function both(up: string, down = ""): { up: Profile; down: Profile } {
  return { up: parseProfile(up), down: parseProfile(down) };
}

const messageOf = (act: Promise<unknown>) => act.then(() => "", (error: Error) => error.message);

/** Until it holds; gives up after ten seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error("It never held");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Packets by number, as a tap has shown them. */
async function tapped(file: string): Promise<{ number: number; way: "up" | "down" }[]> {
  return readPcap(await Deno.readFile(file)).map(({ bytes: data }) => {
    const view = new DataView(data.buffer, data.byteOffset);
    return { number: view.getUint32(14 + 28), way: data[14 + 15] === 2 ? "down" : "up" };
  });
}

/** Packets that a device has sent. */
async function sentBy(device: string): Promise<number> {
  return Number(await out(`cat /sys/class/net/${device}/statistics/tx_packets`));
}

/** Captures what leaves by a device until told to stop; then the file, and how many it missed. */
async function capture(device: string, bytes: number, filter: string, namespace = "served") {
  const file = `/tmp/${device}.pcap`;
  const child = new Deno.Command("ip", {
    args: [
      ...["netns", "exec", namespace, "tcpdump", "-Z", "root", "-i", device, "-Q", "out"],
      ...["-s", `${bytes}`, "-B", "65536", "-U", "-w", file, filter],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.getReader();
  let said = "";
  const read = async () => {
    const { value, done } = await reader.read();
    said += new TextDecoder().decode(value);
    return !done;
  };
  while (!said.includes("listening on")) if (!await read()) throw new Error(said);
  return {
    file,
    async stop(): Promise<number> {
      child.kill("SIGINT");
      while (await read());
      await child.status;
      return Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? NaN);
    },
  };
}

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
    await using netem = await open();
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
    await using netem = await open();
    await fastest(on.address);
    await netem.begin(both("duplicate 100%"), nobody);
    const devices = [tapDevices[netem.chains.up], `link-up-${netem.chains.up}`];
    const before = await Promise.all(devices.map(sentBy));
    await ping(on.address, "-c 5 -i 0.05 -W 1");
    const after = await Promise.all(devices.map(sentBy));
    const [shown, left] = after.map((count, i) => count - before[i]!);
    return { shown, left };
  },

  async flood() {
    await using netem = await open();
    const echo = Deno.listenDatagram({ transport: "udp", hostname: on.address, port: 9000 });
    const echoing = (async () => {
      for await (const [data, from] of echo) await echo.send(data, from).catch(() => {});
    })();
    // Neighbours that do not know each other yet keep few packets until they do.
    await fastest(on.address);
    const before = await Promise.all(tapDevices.map(sentBy));
    const taps = await Promise.all(tapDevices.map((device) => capture(device, 64, "udp")));
    const sender = new Deno.Command("ip", {
      args: ["netns", "exec", "client", "python3", "-c", floodScript],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    await until(async () => await sentBy(tapDevices[0]) > before[0]! + 100);
    const readied: number[] = [];
    for (let i = 0; i < 20; i++) {
      await netem.begin(
        both(`delay 1ms limit 10000 seed ${i}`, `delay ${i % 3}ms`),
        ({ up, down }) => {
          readied.push(up, down);
          return Promise.resolve();
        },
      );
    }
    await out("touch /tmp/flooded");
    const sent = Number(new TextDecoder().decode((await sender.output()).stdout));
    await until(async () => Object.values(await netem.backlog()).every((waiting) => waiting === 0));
    // tcpdump forgets what it has not read when it is told to stop.
    await until(async () => {
      const [shown, read] = await Promise.all([
        Promise.all(tapDevices.map(sentBy)),
        Promise.all(taps.map(async ({ file }) => (await tapped(file)).length)),
      ]);
      return shown.every((count, i) => count - before[i]! === read[i]);
    });
    const missed = await Promise.all(taps.map((tap) => tap.stop()));
    echo.close();
    await echoing;
    const seen = await Promise.all(taps.map(({ file }) => tapped(file)));
    const ofWay = (way: string) => {
      const all = seen.flatMap((packets, end) =>
        packets.filter((one) => one.way === way).map(({ number }) => ({ number, end }))
      ).sort((a, b) => a.number - b.number);
      return {
        total: all.length,
        different: new Set(all.map(({ number }) => number)).size,
        // Where the end differs from that of the packet before.
        switches: all.filter(({ end }, i) => i > 0 && end !== all[i - 1]!.end).length,
      };
    };
    return { sent, missed, readied, up: ofWay("up"), down: ofWay("down") };
  },

  async change() {
    await using netem = await open();
    /** Three pings that wait in the queue while something is done. */
    const during = async (act: () => Promise<unknown>) => {
      const pings = ping(on.address, "-c 3 -i 0.1 -W 4");
      await until(async () => (await netem.backlog()).up === 3);
      const answer = await act();
      const left = (await netem.backlog()).up;
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
    await using _netem = await open();
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
    await using netem = await open();
    await netem.begin(both("delay 20ms"), nobody);
    const chains = JSON.stringify(netem.chains);
    const wrong: Profile = {
      ...wire,
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
    const netem = await open();
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
      await using netem = await open();
      opened = await fastest(on.address);
      await netem.begin(both("delay 10ms"), nobody);
      begun = await fastest(on.address);
    }
    return { left, opened, begun, restored: await state() === before };
  },
};

/** Sends numbered datagrams, some 1,500 a second, until a file is there; then says how many. */
const floodScript = `
import os, socket, struct, time
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
n = 0
while not os.path.exists("/tmp/flooded") and n < 200000:
    for _ in range(15):
        n += 1
        end.sendto(struct.pack(">I", n), ("${on.address}", 9000))
    time.sleep(0.01)
print(n)
`;

/** A shell's script that makes a client and a server, each in a namespace; and what takes them away. */
export const namespaces = {
  make: `set -e
    rm -f /tmp/flooded
    ip netns add served; ip netns add client
    ip link add e0 netns served type veth peer name c0 netns client
    ip -n served link set lo up; ip -n client link set lo up
    ip -n served addr add 10.77.0.2/24 dev e0; ip -n client addr add 10.77.0.3/24 dev c0
    ip -n served addr add fd00:77::2/64 dev e0 nodad; ip -n client addr add fd00:77::3/64 dev c0 nodad
    ip netns exec served sysctl -qw net.ipv6.conf.e0.accept_dad=0
    ip netns exec client sysctl -qw net.ipv6.conf.c0.accept_dad=0
    ip -n served link set e0 up; ip -n client link set c0 up`,
  remove: "ip netns del served; ip netns del client; true",
};

if (import.meta.main) console.log(JSON.stringify(await scenarios[Deno.args[0]!]!()));
