import { afterEach, beforeEach, expect, test } from "vitest";
import { foretell, parseProfile } from "../../src/netem/mod.ts";
import { namespaces } from "./kernel_netem/namespaces.ts";
import { play } from "./kernel_netem/play.ts";
import { describeKernel } from "./rig/describe_kernel.ts";

// Times have far bounds, which tell a delay from none and from twice as much: the machine may be busy.

/** Which of so many packets the model lets through, a digit each. */
function foretold(profile: string, count: number): string {
  return foretell(parseProfile(profile), { count, intervalUs: 20_000, frameBytes: 98 }).copies;
}

describeKernel("KernelNetem", (rig) => {
  beforeEach(() => rig().run(`${namespaces.remove}\n${namespaces.make}`), 30_000);
  afterEach(() => rig().run(namespaces.remove), 30_000);

  test("delays IPv4 and IPv6 both ways, and leaves nothing once it is disposed of", async () => {
    const seen = await play(rig(), "delays");
    expect(seen.facts).toMatchObject({ works: true, seeds: true, nanoseconds: true, reason: "" });
    expect(seen.probed).toBe(seen.before);
    expect(seen.perfect).toBeLessThan(50);
    for (const time of [seen.four, seen.six]) {
      expect(time).toBeGreaterThanOrEqual(50);
      expect(time).toBeLessThan(100);
    }
    expect(seen.segments).toBe("1");
    expect(seen.after).toBe(seen.before);
    expect(seen.after).toContain("gso_max_segs 40 ");
    expect(seen.afterwards).toBeLessThan(50);
  });

  test("lets ARP and neighbour discovery pass, which draw nothing", async () => {
    const seen = await play(rig(), "neighbours");
    expect(seen.answers).toBe(0);
    expect(seen.known).toEqual([true, true]);
    expect(seen.chatter).toBe(12);
    expect(seen.digits).toBe(foretold("loss 50% seed 42", 48));
  });

  test("shows a packet once before its queue, however many copies leave", async () => {
    // Five requests; ten answers, one to each copy.
    expect(await play(rig(), "duplicates")).toEqual({ shown: 15, left: 10 });
  });

  test("begin() switches under a flood without missing or showing a packet twice", async () => {
    const seen = await play(rig(), "flood");
    expect(seen.missed).toEqual([0, 0]);
    expect(seen.sent).toBeGreaterThan(1000);
    expect(seen.up).toEqual({ total: seen.sent, different: seen.sent, switches: 20 });
    // What was in the queue at a switch was dropped, so that some have no answer.
    expect(seen.down.total).toBe(seen.down.different);
    expect(seen.down.total).toBeGreaterThan(500);
    expect(seen.readied).toEqual(Array.from({ length: 40 }, (_, i) => i % 4 < 2 ? 1 : 0));
  });

  test("change() keeps the queue, and the random numbers unless there is a seed", async () => {
    const seen = await play(rig(), "change");
    expect(seen.kept).toEqual({ answer: "kept", left: 3, came: 3 });
    expect(seen.fresh).toEqual({ answer: "fresh", left: 3, came: 3 });
    expect(seen.moved).toEqual({ up: true, down: false });
    expect(seen.first + seen.goesOn).toBe(foretold("loss 50% seed 9", 20));
    expect(seen.again).toBe(seen.first);
    // Nothing answers: null in JSON.
    expect(seen.flushed).toEqual({ left: 0, came: 0 });
    expect(seen.begun).toEqual({ left: 0, came: 0 });
  });

  test("cuts super-packets of TCP to what is on the wire", async () => {
    const seen = await play(rig(), "segments");
    expect(seen.bytes).toEqual([2_000_000, 2_000_000]);
    expect(seen.missed).toEqual([0, 0]);
    expect(seen.sent).toBeGreaterThan(1514);
    expect(seen.shown).toBe(1514);
  });

  test("what fails leaves in force what was, and says why in one line", async () => {
    const seen = await play(rig(), "failures");
    expect(seen.messages).toEqual([
      expect.stringMatching(
        /^Take other profiles, or --driver tun: negative slot limit \('qdisc .*'\)$/,
      ),
      "Take other profiles, or --driver tun: not ready",
      expect.stringMatching(/^Take another profile for up, or --driver tun: negative slot limit/),
    ]);
    expect(seen.same).toBe(true);
    expect(seen.still).toBeGreaterThanOrEqual(20);
    expect(seen.still).toBeLessThan(60);
  });

  test("open() clears away what a killed link has left", async () => {
    const seen = await play(rig(), "leftovers");
    expect(seen.left).toBeGreaterThanOrEqual(40);
    expect(seen.opened).toBeLessThan(40);
    expect(seen.begun).toBeGreaterThanOrEqual(10);
    expect(seen.begun).toBeLessThan(40);
    expect(seen.restored).toBe(true);
  });
});
