/** Links in one namespace, on a kernel with netem: beside each other, and after one that was killed. */
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "./rig/checkout.ts";
import { describeKernel } from "./rig/describe_kernel.ts";
import type { TwoLinks } from "./tc_driver/two_links.ts";

describeKernel("links in one namespace", (rig) => {
  let came: TwoLinks;
  beforeAll(async () => {
    came = JSON.parse(
      await rig().run(`cd '${ROOT}' && exec deno run -A tests/kernel/tc_driver/two_links.ts`, {
        timeoutMs: 100_000,
      }),
    );
  }, 110_000);

  test("a second one beside tc is refused in one line, and the first goes on", () => {
    const stderr = "End the other link first: it holds this namespace's link-up-0";
    expect(came.refused).toEqual([{ code: 3, stderr }, { code: 3, stderr }]);
    expect(came.seen).toBe(2);
  });

  test("what a killed one with tc has left is gone, whichever driver the next one has", () => {
    expect(came.killed).toBeGreaterThanOrEqual(40);
    expect(came.after).toBeLessThan(40);
    expect(Number(came.segments)).toBeGreaterThan(1);
  });
});
