/** Profiles' grammar held against tc's own: both drivers read the one of `src/netem`. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canChange, had, netemDifference, netemWords, readListing } from "../../src/link/tc/mod.ts";
import { formatProfile, parseProfile, type Profile } from "../../src/netem/mod.ts";
import { describeKernel } from "./rig/describe_kernel.ts";
import type { RigClient } from "./rig/client.ts";

/** What neither takes. */
const REFUSED = [
  "delay",
  "loss",
  "loss random",
  "loss state",
  "loss gemodel",
  "corrupt",
  "duplicate",
  "reorder",
  "gap",
  "rate",
  "slot",
  "seed",
  "limit",
  "distribution",
  "reorder 25%",
  "delay 0ms 5ms reorder 25%",
  "gap 5",
  "delay 1ms gap 5",
  "delay 1ms reorder 0% gap 5",
  "distribution normal",
  "delay 10ms distribution normal",
  "delay 10ms 0ms distribution normal",
  "delay 0ms 5ms distribution normal",
  "delay 1ms 1ms distribution norm",
  "delay 1ms 1ms 101%",
  "delay 1ms 1ms 1% 1%",
  "delay 1ms 25%",
  "delay 10 ms",
  "delay -5ms",
  "delay inf",
  "delay nan",
  "loss 101%",
  "loss -1%",
  "loss nan",
  "loss 5%%",
  "loss 10% 101%",
  "loss state 1% 2% 3% 4% 5% 6%",
  "loss gemodel 1% 2% 3% 4% 5%",
  "loss gemodel 1% 2% 3% 400%",
  "loss 1% loss 2%",
  "loss 1% drop 2%",
  "ecn",
  "loss 0% ecn",
  "limit -1",
  "limit 4294967296",
  "rate 10%",
  "rate 1k",
  "rate 1mbit -2147483649",
  "rate 1mbit 2147483648",
  "rate 1mbit 0 4294967296",
  "slot 2ms 1ms",
  "slot 1ms packets -1",
  "slot 1ms packets 2147483648",
  "slot 1ms bytes 2147483648",
  "slot 1ms bytes 4294967296",
  "slot 1ms packets 1 packets 2",
  "slot distribution normal 1ms",
  "slot distribution normal 1ms 0ms",
  "slot distribution uniform 1ms 1ms",
  "seed 18446744073709551616",
  "seed 0x2a",
  "uniform",
  "dealy 1ms",
] as const;

/** What both take, and mean the same by. */
const ACCEPTED = [
  "delay 1ms",
  "latency 1ms",
  "delay 274s",
  "delay 1.5MS",
  "delay .5ms",
  "delay +5ms",
  "delay 1e3ms",
  "delay 2secs 3msec",
  "delay 1ms 1ms",
  "delay 0ms 5ms",
  "delay 5ms 20ms",
  "delay 5ms 20ms 25%",
  "delay 1s 2147ms",
  "delay 1ms 1ms distribution normal",
  "delay 5ms 20ms distribution pareto",
  "delay 5ms 20ms 30% distribution paretonormal",
  "delay 1ms 1ms distribution experimental",
  "loss 0%",
  "loss 10",
  "loss 1e1%",
  "loss 33.3333333%",
  "loss 100%",
  "loss random 10% 25%",
  "drop 1%",
  "loss state 0%",
  "loss state 1%",
  "loss state 1% 2%",
  "loss state 1% 2% 3%",
  "loss state 1% 2% 3% 4%",
  "loss state 1% 2% 3% 4% 5%",
  "loss state 60% 30% 60% 50% 50%",
  "loss state 100% 100% 100% 100% 100%",
  "loss gemodel 0%",
  "loss gemodel 1%",
  "loss gemodel 1% 10%",
  "loss gemodel 1% 10% 70%",
  "loss gemodel 1% 10% 70% 0.1%",
  "loss 1% ecn",
  "ecn loss 1%",
  "loss state 1% ecn",
  "loss gemodel 1% ecn",
  "corrupt 0%",
  "corrupt 1% 10%",
  "duplicate 1%",
  "duplicate 1% loss 1%",
  "delay 1ms reorder 0%",
  "delay 1ms reorder 25% gap 0",
  "delay 1ms reorder 25% 50% gap 5",
  "limit 0",
  "limit 1",
  "limit 1k",
  "limit 1.5",
  "limit 4294967295",
  "rate 0",
  "rate 0bit",
  "rate 8bit",
  "rate 1mbit",
  "rate 123456789bit",
  "rate 1000000000000000bps",
  "rate 1mbit -14",
  "rate 1mbit 0x10",
  "rate 1mbit -2147483648",
  "rate 1mbit 2147483647",
  "rate 1mbit 0 0",
  "rate 1mbit 0 48 5",
  "rate 1mbit 0 48 -49",
  "rate 1mbit 0 4294967295",
  "slot 1ms",
  "slot 0ms 2ms",
  "slot 1ms 2ms",
  "slot 1ms packets 0",
  "slot 1ms packets 2147483647",
  "slot 1ms 2ms packets 3 bytes 3000",
  "slot 1ms bytes 2147483647",
  "slot distribution normal 1ms 1ms",
  "slot distribution pareto 0ms 1ms packets 3",
  "seed 0",
  "seed 007",
  "seed 18446744073709551615",
  "d 10ms du 1% dr 2% c 3% r 4% g 5 li 6 ra 1mbit sl 1ms p 2 b 3k",
] as const;

/** What tc takes without a word, though it does nothing, or something else than is written: here a fault. */
const PASSED_OVER = [
  ["delay 1ms 0ms 25%", "no jitter, so nothing to correlate"],
  ["loss 0% 10%", "no loss, so nothing to correlate"],
  ["corrupt 0% 10%", "nothing to correlate"],
  ["duplicate 0% 10%", "nothing to correlate"],
  ["delay 1s 3s", "the jitter is cut to 2.147 s"],
  ["slot distribution pareto 1ms 3s", "the jitter is cut to 2.147 s"],
  ["delay 275s", "tc 6.1 refuses it"],
  ["delay 4295s", "tc 6.1 takes it for another time"],
  ["delay 0x10", "16 of the smallest unit, whichever that is"],
  ["rate 1bit", "less than a byte a second is no rate at all"],
  ["rate 7bit", "less than a byte a second is no rate at all"],
  ["rate 1mbit 0 -48", "no cell of such a size: the next number is meant"],
  ["rate 10000000000000000bps", "faster than anything"],
  ["slot 0", "no slot"],
  ["slot 0ms 0ms", "no slot"],
  ["slot 5000s", "longer than anything that is watched"],
  ["seed -1", "wraps around"],
  ["s 5", "seed or slot, as versions differ"],
  ["delay 1ms delay 2ms", "the first is forgotten"],
  ["limit 5 limit 6", "the first is forgotten"],
  ["rate 1mbit rate 2mbit", "the first is forgotten"],
  ["slot 1ms slot 2ms", "the first is forgotten"],
  ["duplicate 1% duplicate 2%", "the first is forgotten"],
  ["loss 1% ecn ecn", "the first is forgotten"],
  ["seed 42 seed 43", "the first is forgotten"],
] as const;

/** What only we have words for. */
const OURS = ["none", "delay 1ms 1ms distribution uniform", "distribution uniform delay 1ms 1ms"];

/** Any profile's text: of each option one of several, or none. */
const anyText = fc.tuple(
  ...[
    ["limit 0", "limit 7", "limit 4294967295"],
    [
      "delay 1ms",
      "delay 1us",
      "delay 274s",
      "delay 1234567ns 89ns",
      "delay 10ms 3ms 25%",
      "delay 5ms 20ms distribution normal",
      "delay 7ms 1ms 3% distribution pareto",
    ],
    [
      "loss 10%",
      "loss 0.1% 99%",
      "loss 1% ecn",
      "loss state 1% 20%",
      "loss state 1% 2% 3% 4% 5% ecn",
      "loss gemodel 1%",
      "loss gemodel 1% 2% 3% 4%",
    ],
    ["corrupt 1%", "corrupt 0.003% 4%"],
    ["duplicate 100%", "duplicate 2% 50%"],
    ["rate 1mbit", "rate 123456bps -14 48 5", "rate 10gbit 4"],
    [
      "slot 1ms",
      "slot 10us 2ms packets 5",
      "slot distribution normal 1ms 2ms",
      "slot distribution pareto 1us 1us packets 3 bytes 9000",
    ],
    ["seed 0", "seed 42", "seed 18446744073709551615"],
  ].map((texts) => fc.option(fc.constantFrom(...texts), { nil: "" })),
  fc.option(fc.constantFrom("reorder 25%", "reorder 2% 50% gap 5"), { nil: "" }),
).map((options) => {
  const reorders = options[1]!.startsWith("delay") ? options.length : -1;
  return options.slice(0, reorders).filter((text) => text !== "").join(" ");
});

test.each(REFUSED)("parseProfile(%j) is refused, as tc does", (text) => {
  expect(() => parseProfile(text)).toThrow(/column \d+/);
});

test.each(PASSED_OVER)("parseProfile(%j) is refused: %s", (text) => {
  expect(() => parseProfile(text)).toThrow(/column \d+/);
});

test.each([...ACCEPTED, ...OURS])("parseProfile(%j) is taken, as tc does", (text) => {
  expect(() => parseProfile(text)).not.toThrow();
});

describeKernel("tc's netem", (rig) => {
  /** Which of these words tc and the kernel refuse. One tc for each: some faults end all of a batch. */
  async function refusedOf(all: readonly string[]): Promise<string[]> {
    const script = `while read -r words; do
        tc qdisc add dev words root netem $words 2>/dev/null || echo "$words"
        tc qdisc del dev words root 2>/dev/null
      done`;
    const { stdout } = await inNamespace(rig(), script, all);
    return stdout.trim().split("\n").filter((words) => words !== "");
  }

  test("refuses what parseProfile() refuses as it does, and takes the rest", async () => {
    expect(await refusedOf(REFUSED)).toEqual(REFUSED);
    expect(await refusedOf([...ACCEPTED, ...PASSED_OVER.map(([text]) => text)])).toEqual([]);
    expect(await refusedOf(OURS)).toEqual(OURS);
  });

  /** What the kernel has after each line, in JSON. */
  async function listedAfter(lines: readonly string[]) {
    const all = lines.flatMap((line) => [line, "qdisc show"]);
    const { stdout, stderr } = await inNamespace(rig(), "tc -json -batch -", all);
    expect(stderr).toBe("");
    return stdout.trim().split(/\n(?=\[)/).map((text) =>
      readListing(text).find(({ dev }) => dev === "words")
    );
  }

  const tc = { seeds: true, nanoseconds: true };
  const accepted = [...ACCEPTED, ...OURS].map(parseProfile);
  const arbitrary = fc.sample(anyText, { numRuns: 250, seed: 61 }).map(parseProfile);

  test("has what netemWords() said, whatever the profile, when it is put there", async () => {
    const profiles = [...accepted, ...arbitrary];
    const lines = profiles.flatMap((profile) => [
      "qdisc replace dev words root handle 8: pfifo",
      `qdisc replace dev words root handle 9: netem ${netemWords(profile, tc)}`,
    ]);
    const listed = (await listedAfter(lines)).filter((_, i) => i % 2 === 1);
    expect(listed).toHaveLength(profiles.length);
    expect(profiles.map((profile, i) => differs(profile, listed[i]))).toEqual(
      profiles.map(() => null),
    );
  });

  test("has what netemWords() said when it is changed, from profile to profile", async () => {
    const lines: string[] = [], profiles: Profile[] = [];
    let before: ReturnType<typeof had> | undefined;
    for (const profile of [...arbitrary, ...accepted]) {
      const keeps = before !== undefined && canChange(before, profile);
      if (!keeps) {
        lines.push("qdisc replace dev words root handle 8: pfifo");
        profiles.push(profile);
      }
      const verb = keeps ? "change" : "replace";
      lines.push(`qdisc ${verb} dev words root handle 9: netem ${netemWords(profile, tc)}`);
      profiles.push(profile);
      before = had(profile, keeps ? before : undefined);
    }
    expect(lines.filter((line) => line.startsWith("qdisc change")).length).toBeGreaterThan(100);
    const listed = await listedAfter(lines);
    const differences = profiles.map((profile, i) =>
      lines[i]!.includes("netem") ? differs(profile, listed[i]) : null
    );
    expect(differences).toEqual(profiles.map(() => null));
  });

  function differs(profile: Profile, listed: Parameters<typeof netemDifference>[1]) {
    const difference = netemDifference(profile, listed, tc);
    return difference === null ? null : `${formatProfile(profile)}: ${difference}`;
  }
});

/** Runs a script in a namespace `words` that has a device of that name, with lines for its input. */
async function inNamespace(rig: RigClient, script: string, lines: readonly string[]) {
  await rig.run("ip netns add words && ip -n words link add words type ifb");
  try {
    return await rig.exec(`ip netns exec words sh -c '${script}'`, {
      stdin: lines.join("\n") + "\n",
    });
  } finally {
    await rig.run("ip netns del words");
  }
}
