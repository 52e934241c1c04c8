/** On a kernel whose netem passes seeds over, Linux 6.1: what the link's netem does, and which driver runs take. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaces } from "./kernel_netem/namespaces.ts";
import { play } from "./kernel_netem/play.ts";
import { noRig } from "./rig/describe_kernel.ts";
import { Rig } from "./rig/rig.ts";
import { lab } from "./rig_lab.ts";

const short = "--count 3 --interval 10";

describe.skipIf(noRig !== "")(`where the kernel's netem passes seeds over ${noRig}`, () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.start({ kernel: "6.1", docker: false });
  }, 300_000);
  afterAll(async () => await rig?.[Symbol.asyncDispose]());

  test("KernelNetem works, and says that there are no seeds", async () => {
    await rig.run(namespaces.make);
    const seen = await play(rig, "delays");
    await rig.run(namespaces.remove);
    expect(seen.facts).toMatchObject({ works: true, seeds: false });
    expect(seen.facts.kernel).toMatch(/^6\.1\./);
    expect(seen.four).toBeGreaterThanOrEqual(50);
    expect(seen.six).toBeLessThan(100);
    expect(seen.after).toBe(seen.before);
  });

  const reason = "the netem of kernel 6\\.1[.\\d]* ignores seeds, 6\\.6 or later takes them";

  test("a run takes tun, and says why", async () => {
    const lines = await lab(rig, "./lab doctor", `./lab run lab3 ${short} --netem none`);
    expect(lines).toContainEqual(
      expect.stringMatching(`^./lab run works here: engine local, driver tun \\(${reason}\\)$`),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(`^engine local, driver tun \\(${reason}\\)$`),
    );
  });

  test("told to take tc, it goes without a drawn seed and says so; a written one is refused", async () => {
    const lines = await lab(
      rig,
      `./lab run lab3 ${short} --netem 'delay 5ms loss 1%' --driver tc`,
      `./lab run lab3 ${short} --netem 'delay 5ms' --driver tc --seed 5`,
      `./lab up lab3 --netem 'delay 5ms seed 5' --driver tc`,
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        `^engine local, driver tc \\(kernel 6\\.1[.\\d]*, iproute2 [.\\d]+; not to be repeated: ${reason}\\)$`,
      ),
    );
    expect(lines).toContain("to the server   delay 5ms loss 1%");
    expect(lines).toContainEqual(
      expect.stringMatching(`^seed {7}none; not to be repeated: ${reason}$`),
    );
    const refused = `^lab: Use --driver tun, or leave out the seed: ${reason}$`;
    expect(lines.filter((line) => new RegExp(refused).test(line))).toHaveLength(2);
    expect(lines.filter((line) => /^status/.test(line)).slice(1)).toEqual(["status 2", "status 2"]);
  });
});
