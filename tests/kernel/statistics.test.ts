/**
 * Without a common seed the kernel's netem and the link's own are alike as two samples of one kind are.
 *
 * Chance decides in these tests and in no others. Each of the seven comparisons fails of itself once in 7 million times,
 * all of them once in a million. What they notice 999 times in 1,000, at these sizes: a loss of 12.5 % for 10 %, of 39 %
 * for 30 %; delays of which one in seven lies elsewhere.
 */
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "./rig/checkout.ts";
import { describeKernel } from "./rig/describe_kernel.ts";
import type { Measured, ToMeasure } from "./drivers/measured.ts";
import { chiSquare, kolmogorovSmirnov } from "./drivers/two_samples.ts";
import { type DriverName, Way } from "./drivers/way.ts";

/** The chance at which two samples are not of one kind: seven such make one in a million. */
const LEAST = 1e-6 / 7;

const errors: ToMeasure[] = ["delay 1ms", "delay 50ms"].map((profile) => ({
  profile,
  packets: 1000,
  gapUs: 1000,
  longestMs: 300,
}));
const shapes: ToMeasure[] = [
  "delay 300ms 200ms loss 1%",
  "delay 300ms 80ms distribution normal loss 30%",
  "delay 300ms 80ms distribution pareto loss 50%",
].map((profile) => ({ profile, packets: 4000, gapUs: 600, longestMs: 1000 }));
const losses: ToMeasure[] = [{ profile: "loss 10%", packets: 20_000, gapUs: 200, longestMs: 300 }];

type Measurements = Record<string, Measured>;
const byProfile = (measured: Measured[]): Measurements =>
  Object.fromEntries(measured.map((one) => [one.profile, one]));

describeKernel("the kernel's netem and tun, unseeded", (rig) => {
  let kernel: Measurements, tun: Measurements, tunInRig: Measurements;

  async function inRig(drivers: DriverName[], wanted: ToMeasure[]): Promise<Measurements> {
    const output = await rig().run(
      `modprobe -a veth sch_netem tun
      cd '${ROOT}' && exec deno run --no-check -A tests/kernel/drivers/measure.ts`,
      { stdin: JSON.stringify({ drivers, wanted }), timeoutMs: 150_000 },
    );
    return byProfile(output.trimEnd().split("\n").map((line) => JSON.parse(line)));
  }

  beforeAll(async () => {
    kernel = await inRig(["kernel"], [...errors, ...shapes, ...losses]);
    tunInRig = await inRig(["tun"], errors);
    // The tun driver has this machine for itself: in the rig, which has no processor of its own, it would be late.
    await using way = await Way.start("tun");
    const measured: Measured[] = [];
    for (const asked of [...errors, ...shapes, ...losses]) measured.push(await way.measure(asked));
    tun = byProfile(measured);
  }, 300_000);

  const share = (of: Measured) => ({ hits: of.packets - of.delaysUs.length, of: of.packets });

  test.each([...shapes, ...losses].map(({ profile }) => [profile] as const))(
    "lose alike with %s",
    (profile) => {
      const chance = chiSquare(share(kernel[profile]!), share(tun[profile]!));
      console.log(
        `${profile}: lost ${share(kernel[profile]!).hits} (kernel), ${share(tun[profile]!).hits} ` +
          `(tun) of ${kernel[profile]!.packets}, p = ${chance.toPrecision(2)}`,
      );
      expect(chance).toBeGreaterThan(LEAST);
    },
  );

  /** Delays without what the driver adds to a delay that does not vary. */
  const beyondError = (of: Measurements, profile: string) => {
    const error = median(of["delay 50ms"]!.delaysUs) - 50_000;
    return of[profile]!.delaysUs.map((delay) => delay - error);
  };

  test.each(shapes.map(({ profile }) => [profile] as const))("delay alike with %s", (profile) => {
    const { chance, distance } = kolmogorovSmirnov(
      beyondError(kernel, profile),
      beyondError(tun, profile),
    );
    console.log(`${profile}: distance ${distance.toFixed(4)}, p = ${chance.toPrecision(2)}`);
    expect(chance).toBeGreaterThan(LEAST);
  });

  test("would be told apart, had one another chance or another shape", () => {
    const [uniform, normal, pareto] = shapes.map(({ profile }) => profile);
    expect(chiSquare(share(kernel[normal!]!), share(tun[pareto!]!))).toBeLessThan(LEAST);
    const unlike = (a: string, b: string) =>
      kolmogorovSmirnov(beyondError(kernel, a), beyondError(tun, b)).chance;
    expect(unlike(normal!, pareto!)).toBeLessThan(LEAST);
    expect(unlike(uniform!, normal!)).toBeLessThan(LEAST);
  });

  test.each(errors.map(({ profile }) => [profile] as const))(
    "are late by little with %s, and never early",
    (profile) => {
      const configured = Number(/\d+/.exec(profile)) * 1000;
      for (const [name, of] of Object.entries({ kernel, "tun in the rig": tunInRig, tun })) {
        const late = of[profile]!.delaysUs.map((delay) => delay - configured).sort((a, b) => a - b);
        const at = (part: number) => `${Math.round(late[Math.floor(late.length * part)]!)} us`;
        console.log(`${profile}, ${name}: late by ${at(0.5)} (median), ${at(0.99)} (99 %)`);
        // By the clock of the wall, in a machine that is emulated, one has come at the moment when it was sent.
        expect(of[profile]!.leastUs).toBeGreaterThan(configured - 20);
        expect(median(late)).toBeLessThan(20_000);
      }
    },
  );
});

function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[of.length >> 1]!;
}
