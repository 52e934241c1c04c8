/** Which driver a run has on the local engine, and what is said of it; on a machine with the kernel's netem or without. */
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { probeMachine } from "../../src/engine/mod.ts";
import { chooseDriver, driverText } from "../../src/link/mod.ts";
import { cannotRun, SHORT, useStage } from "./lab_stage.ts";

const context = useStage();
const patience = 30_000;
const facts = (await probeMachine()).namespaces?.tc ?? null;
const netem = facts?.works === true;

/** What a run is to say of its driver. */
function expected(script: boolean): string {
  return driverText(chooseDriver({ script, seed: "drawn" }, { wish: "auto", facts }).report);
}

describe.skipIf(cannotRun !== "")(`the driver ${cannotRun}`, () => {
  test("is named with its versions, or with why it is not the kernel's netem", async () => {
    const { stage } = context;
    const { out } = await stage.run(...SHORT);
    expect(out).toContain(`engine local, ${expected(false)}\n`);
    const scripted = await stage.run(...SHORT, "--script", "lose 2");
    expect(scripted.out).toContain(`engine local, ${expected(true)}\n`);
    const told = await stage.run(...SHORT, "--driver", "tun", "--json");
    expect(JSON.parse(told.out)).toMatchObject({
      ...{ driver: "tun", kernel: null, iproute2: null, why: null },
    });
  }, patience);

  test("is the same for a user whose PATH lacks the folders of administrators' tools", async () => {
    const { stage } = context;
    const env = { PATH: `${dirname(Deno.execPath())}:/usr/bin:/bin` };
    const { out } = await stage.start(["run", "lab3", "--out", stage.out, ...SHORT], { env }).end();
    expect(out).toContain(`engine local, ${expected(false)}\n`);
  }, patience);

  test.skipIf(netem)("that cannot be is an error that says what is missing", async () => {
    const { stage } = context;
    for (const verb of ["run", "up"]) {
      expect(await stage.lab(verb, "lab3", "--driver", "tc"), verb).toEqual({
        status: 3,
        out: "",
        err: expect.stringMatching(/^lab: [A-Z][^\n]*, or use --driver tun: [^\n]+\n$/),
      });
      expect(stage.left(), verb).toEqual([]);
    }
  }, patience);

  test("of a lab that is up is its own, or the run's where nobody has chosen", async () => {
    const { stage } = context;
    const up = await stage.lab("up", "lab3", "--netem", "none");
    expect(up.out).toContain(`udp port 12000, ${expected(false)}\n`);
    expect((await stage.run(...SHORT, "--driver", "tun")).out).toContain(
      "engine local, driver tun\n",
    );
    const scripted = await stage.run(...SHORT, "--script", "lose 2");
    expect(scripted.out).toContain(`engine local, ${expected(true)}\n`);
    expect(scripted.out).toContain("2  lost on the way to the server (by the script)");
    const shown = await stage.lab("netem", "show", "lab3");
    expect(shown.out).toContain(`lab3  ${expected(true)}, congestion control reno\n`);
    await stage.lab("netem", "reset", "lab3");
    expect((await stage.run(...SHORT, "--script", "")).out)
      .toContain(`engine local, ${expected(false)}\n`);
    await stage.lab("down", "lab3");

    await stage.lab("up", "lab3", "--driver", "tun");
    expect(await stage.run(...SHORT, "--driver", "tc")).toMatchObject({
      status: 2,
      err: "lab: Start the lab with --driver tc, or auto: its link was started with --driver tun\n",
    });
    await stage.lab("down", "lab3");
  }, patience);
});
