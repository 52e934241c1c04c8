/**
 * TCP over the kernel's netem in the rig, and over ours here: 5 MB, the same seed, the same segments lost. Two kernels'
 * TCP, two drivers: what was lost is the same bytes of the stream, and as many packets passed in all.
 */
import { expect, test } from "vitest";
import { foretell, parseProfile } from "../../src/netem/mod.ts";
import { ROOT } from "./rig/checkout.ts";
import { describeKernel } from "./rig/describe_kernel.ts";
import type { Transfer } from "./transfer/lost_segments.ts";

/**
 * A seed whose losses lie far enough apart: within a round trip of a loss it is the clock that decides whether the
 * segment sent again comes before or after a new one, and so which of them has the number that is lost next.
 */
const profile = "delay 10ms loss 0.2% seed 62";
const bytes = 3453 * 1448;

describeKernel("5 MB over TCP", (rig) => {
  test("lose the same segments with tc and with tun, those that were foretold", async () => {
    const args = ["tests/kernel/transfer/lost_segments.ts", `${bytes}`, profile];
    const words = args.map((word) => `'${word}'`).join(" ");
    const [there, { stdout, stderr }] = await Promise.all([
      rig().run(`cd '${ROOT}' && SOCKLAB_STAGE_DRIVER=tc deno run -A ${words}`),
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", ...args],
        cwd: ROOT,
        env: { SOCKLAB_STAGE_DRIVER: "tun" },
      }).output(),
    ]);
    const text = new TextDecoder();
    expect(text.decode(stderr)).toBe("");
    const tc = JSON.parse(there) as Transfer;
    const tun = JSON.parse(text.decode(stdout)) as Transfer;
    expect([tc.driver, tun.driver]).toEqual(["tc", "tun"]);
    expect(tc.segments).toEqual(tun.segments);
    expect(tc.lost).toEqual(tun.lost);
    const way = { count: tc.seen, intervalUs: 100, frameBytes: 1514 };
    const { copies } = foretell(parseProfile(profile), way);
    expect(tc.lost).toEqual([...copies].flatMap((copy, i) => copy === "0" ? [i + 1] : []));
    expect(tc.lost.length).toBeGreaterThan(4);
  });
});
