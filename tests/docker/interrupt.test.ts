/** Ctrl-C, SIGTERM and kill -9 at any moment of a run in containers: how it ends, and that nothing of it stays. */
import { expect, test } from "vitest";
import { exists } from "../../scripts/paths.ts";
import { until } from "../link/poll.ts";
import { describeDocker } from "./engine.ts";
import { useDockerStage } from "./docker_stage.ts";

const context = useDockerStage();
const patience = 60_000;
/** Goes on for much longer than any test. */
const long = ["--netem", "none", "--count", "100000", "--interval", "10"];

/** Moments of a start, by what can be seen from outside. */
const moments = {
  "its state folder is there": () => context.stage.states().length > 0,
  "its network is there": async () => (await context.stage.containers()).length > 0,
  "its link's container is there": async () =>
    (await context.stage.containers()).some((name) => name.endsWith("-link")),
  "the link answers": () => context.stage.states().some((state) => exists(`${state}/control.sock`)),
} as const;

const start = () => context.stage.start(["run", "lab3", "--out", context.stage.out, ...long]);

describeDocker("a run in containers that is broken off", () => {
  for (const [name, reached] of Object.entries(moments)) {
    test(`SIGINT as soon as ${name}: status 130, nothing left`, async () => {
      const run = start();
      await until(reached, Boolean);
      run.signal("SIGINT");
      expect(await run.end()).toMatchObject({ status: 130, err: "" });
      await context.stage.clean(5000);
    }, patience);

    test(`kill -9 as soon as ${name}: nothing left`, async () => {
      const run = start();
      await until(reached, Boolean);
      run.signal("SIGKILL");
      await run.end();
      const { stage } = context;
      await until(
        async () => [...stage.processes(), ...await stage.containers()],
        (rest) => rest.length === 0,
      );
      if (stage.states().length > 0) {
        // It was made, and its watcher not yet started: the next start sweeps it.
        expect((await stage.run("--netem", "none", "--count", "1")).status).toBe(0);
      }
      await stage.clean(2000);
    }, patience);
  }

  test("SIGINT during the run: statistics all the same", async () => {
    const run = start();
    await run.printed(/link │ +3 {2}answered/);
    run.signal("SIGINT");
    const { status, out, err } = await run.end();
    expect({ status, err }).toEqual({ status: 130, err: "" });
    expect(out).toMatch(/--- as the link saw it ---\n\d+ packets transmitted, \d+ received, 0%/);
    expect(out).toMatch(/client │ \d+ packets transmitted/);
    expect(await context.stage.containers()).toEqual([]);
    await context.stage.clean(2000);
  }, patience);

  test("programs deaf to signals are ended all the same", async () => {
    const { stage } = context;
    const client = stage.program(
      "client.ts",
      `for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, () => {});
      console.log("deaf"); setInterval(() => {}, 9);`,
    );
    const run = stage.start(["run", "lab3", "--out", stage.out, "--client", client]);
    await run.printed(/client │ deaf/);
    run.signal("SIGTERM");
    expect((await run.end()).status).toBe(130);
    await stage.clean(2000);
  }, patience);

  test("kill -9 during the run: nothing left", async () => {
    const run = start();
    await run.printed(/link │ +3 {2}answered/);
    run.signal("SIGKILL");
    await run.end();
    await context.stage.clean(10_000);
  }, patience);

  test("up: SIGINT while it waits leaves no half lab", async () => {
    const { stage } = context;
    const server = stage.program("server.ts", "setInterval(() => {}, 1000);");
    const up = stage.start(["up", "lab3", "--server", server]);
    await until(moments["the link answers"], Boolean);
    up.signal("SIGINT");
    expect((await up.end()).status).toBe(130);
    await stage.clean(10_000);
  }, patience);

  test("what nobody owns any more is swept by the next start", async () => {
    const { stage } = context;
    const place = await placeOfOurs();
    const labels = {
      "socklab.owner": "4194305:1",
      "socklab.place": place,
      "socklab.state": `${stage.folder}/left`,
    };
    const args = Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
    await stage.docker(
      "network",
      "create",
      "--internal",
      ...args,
      `left-${stage.folder.slice(-8)}`,
    );
    expect((await stage.containers()).length).toBe(1);
    expect((await stage.run("--netem", "none", "--count", "1")).status).toBe(0);
    await stage.clean(2000);
  }, patience);
});

/** Where our own processes' numbers mean something, as a testbed's labels say it. */
async function placeOfOurs(): Promise<string> {
  const { stage } = context;
  const run = start();
  await until(moments["its network is there"], Boolean);
  const [name] = await stage.containers();
  const format = '{{index .Labels "socklab.place"}}';
  const place = await stage.docker("network", "inspect", "--format", format, name!);
  run.signal("SIGINT");
  await run.end();
  return place;
}
