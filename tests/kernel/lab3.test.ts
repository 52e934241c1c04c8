/**
 * The same run twice: lab3 in containers on the kernel's netem, and here on ours. The same seeds, the same datagrams
 * lost, duplicated and reordered, both ways; and `lab fate` had said so.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Foretold } from "../../src/netem/mod.ts";
import type { Direction, LinkEvent, PacketEvent } from "../../src/packet/mod.ts";
import { ROOT } from "./rig/checkout.ts";
import { describeKernel } from "./rig/describe_kernel.ts";

const count = 30, seed = 7n;
/**
 * Far enough apart that each exchange is over before the next begins, however slow the machine: what comes back is
 * numbered in the order in which the server answers.
 */
const intervalMs = 400;
/** Damage only on the way back: what a flipped bit does to a request depends on which bit it is, and that has no seed. */
const profiles: Record<Direction, string> = {
  up: "delay 20ms 5ms loss 20% duplicate 15% reorder 20%",
  down: "delay 20ms 5ms loss 15% duplicate 20% reorder 20% corrupt 10%",
};
const seeds: Record<Direction, bigint> = { up: seed, down: seed + 1n };
const folder = Deno.makeTempDirSync({ prefix: "socklab-lab3-" });
afterAll(() => Deno.removeSync(folder, { recursive: true }));

/** Runs a command to its end, which must be a good one, and returns what it printed. */
async function run(argv: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    cwd: ROOT,
    env: { LAB_DENO: Deno.execPath(), ...env },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with status ${code}: ${out}${err}`);
  return out!;
}

/** The datagrams of a direction, in the order of their numbers. */
function datagrams(events: readonly LinkEvent[], dir: Direction): PacketEvent[] {
  return events.filter((event) => event.ev === "packet")
    .filter((event) => event.dir === dir)
    .sort((one, other) => one.n - other.n);
}

/** Without what differs from run to run: addresses, and times. */
function tell({ n, head, fate, copies, reordered }: PacketEvent): string {
  const damaged = copies.filter(({ corrupted }) => corrupted).length;
  return `${n} ${
    atob(head ?? "").slice(0, 8)
  } ${fate} ${copies.length} copies, ${damaged} damaged` +
    (reordered ? ", reordered" : "");
}

describeKernel("lab3 with the kernel's netem and with ours", (rig) => {
  let kernels: LinkEvent[], ours: LinkEvent[], scripted: string;

  beforeAll(async () => {
    const words = {
      LAB_UP: profiles.up,
      LAB_DOWN: profiles.down,
      LAB_SEED: `${seed}`,
      LAB_COUNT: `${count}`,
      LAB_INTERVAL: `${intervalMs}`,
    };
    const compose = ["docker", "compose", "--progress", "quiet"];
    const there = { DOCKER_HOST: rig().dockerHost, COMPOSE_PROJECT_NAME: "same-seed" };
    const here = [
      ...["./lab", "run", "lab3", "--engine", "local", "--driver", "tun", "--out", folder],
      ...["--up", profiles.up, "--down", profiles.down, "--seed", `${seed}`],
      ...["--count", `${count}`, "--interval", `${intervalMs}`],
    ];
    const lines = (text: string) =>
      text.trimEnd().split("\n").map((line) => JSON.parse(line) as LinkEvent);
    try {
      await Promise.all([
        run([...compose, "up", "--exit-code-from", "lab3", "lab3"], {
          ...there,
          ...words,
        }),
        run(here),
      ]);
      // The link stands, and chooses anew for each run.
      scripted = await run([...compose, "up", "--exit-code-from", "lab3", "lab3"], {
        ...there,
        ...{ LAB_NETEM: "none", LAB_SCRIPT: "lose 2", LAB_COUNT: "3", LAB_OUT: "/tmp/scripted" },
      });
      kernels = lines(await rig().run(`cat '${ROOT}/out/lab3/latest/events.jsonl'`));
      ours = lines(Deno.readTextFileSync(`${folder}/lab3/latest/events.jsonl`));
    } finally {
      await run([...compose, "down", "--timeout", "1"], there);
    }
  }, 240_000);

  test("each had the driver that it is about", () => {
    expect(kernels[0]).toMatchObject({ ev: "begin", driver: "tc", kernel: expect.any(String) });
    expect(ours[0]).toMatchObject({ ev: "begin", driver: "tun" });
  });

  test("a script takes ours on the same link, and says why", () => {
    expect(scripted).toContain("driver tun (the kernel's netem follows no script)");
    expect(scripted).toContain("2  lost on the way to the server (by the script)");
  });

  /** What became of each datagram, there and here; up to the first that a run's end cut off on its way. */
  function fates(dir: Direction): [there: string[], here: string[]] {
    const both = [datagrams(kernels, dir), datagrams(ours, dir)];
    const cut = both.map((all) => all.findIndex(({ cause }) => cause === "end"));
    const whole = Math.min(...cut.map((at) => at < 0 ? Infinity : at));
    expect(whole).toBeGreaterThan(20);
    const [there, here] = both.map((all) => all.slice(0, whole).map(tell));
    return [there!, here!];
  }

  test.each(["up", "down"] as const)("the same datagrams have the same fates: %s", (dir) => {
    const [one, other] = fates(dir);
    expect(one).toEqual(other);
    for (const word of [/ lost /, / duplicated /, /reordered/]) {
      expect(one.filter((fate) => word.test(fate)).length).toBeGreaterThan(1);
    }
  });

  test.each(["up", "down"] as const)("and lab fate had said so: %s", async (dir) => {
    const [told] = fates(dir);
    const { copies, corrupted } = JSON.parse(
      await run([
        ...["./lab", "fate", profiles[dir], "--seed", `${seeds[dir]}`, "--json"],
        ...["--count", `${told.length}`, "--interval-us", `${intervalMs * 1000}`],
      ]),
    ) as Foretold;
    expect(told.map((fate) => / (\d) copies/.exec(fate)![1]).join("")).toBe(copies);
    expect(told.flatMap((fate, i) => / 0 damaged/.test(fate) ? [] : [i + 1])).toEqual(corrupted);
  });
});
