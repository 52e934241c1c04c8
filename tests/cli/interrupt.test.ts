/** Ctrl-C, SIGTERM and kill -9 at any moment: how a run ends, and that nothing of it stays. */
import { describe, expect, test } from "vitest";
import { exists } from "../../scripts/paths.ts";
import { until } from "../link/poll.ts";
import { cannotRun, useStage } from "./lab_stage.ts";

const context = useStage();
const patience = 30_000;
/** Goes on for much longer than any test. */
const long = ["--netem", "none", "--count", "100000", "--interval", "10"];

/** Moments of a run, by what can be seen from outside. */
const moments = {
  "its first process runs": () => context.stage.processes().length > 0,
  "its state folder is there": () => context.stage.states().length > 0,
  "the link runs": () => context.stage.states().some((state) => exists(`${state}/control.sock`)),
} as const;

const start = (...args: string[]) =>
  context.stage.start(["run", "lab3", "--out", context.stage.out, ...long, ...args]);

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`${signal} during the run: statistics all the same, status 130`, async () => {
      const run = start();
      await run.printed(/link │ +3 {2}answered/);
      const before = performance.now();
      run.signal(signal);
      const { status, out, err } = await run.end();
      expect(performance.now() - before).toBeLessThan(3000);
      expect({ status, err }).toEqual({ status: 130, err: "" });
      expect(out).toMatch(/--- as the link saw it ---\n\d+ packets transmitted, \d+ received, 0%/);
      expect(out).toMatch(/client │ \d+ packets transmitted/);
      expect(out).toMatch(/^again {6}/m);
      expect(context.stage.left()).toEqual([]);
    }, patience);
  }

  test("programs deaf to signals are ended all the same", async () => {
    const { stage } = context;
    const deaf = `for (const name of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(name, () => {});
    }\n`;
    const client = stage.program(
      "client.ts",
      `${deaf}console.log("deaf"); setInterval(() => {}, 9);`,
    );
    const server = stage.program(
      "server.ts",
      `${deaf}const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
      await socket.receive();`,
    );
    const run = start("--client", client, "--server", server);
    await run.printed(/client │ deaf/);
    const before = performance.now();
    run.signal("SIGINT");
    expect((await run.end()).status).toBe(130);
    expect(performance.now() - before).toBeLessThan(8000);
    expect(stage.left()).toEqual([]);
  }, patience);

  test("a second Ctrl-C ends at once", async () => {
    const { stage } = context;
    const client = stage.program(
      "client.ts",
      `Deno.addSignalListener("SIGINT", () => {}); console.log("deaf"); setInterval(() => {}, 9);`,
    );
    const run = start("--client", client);
    await run.printed(/client │ deaf/);
    run.signal("SIGINT");
    // The first must have been taken: two at once are one to the kernel.
    await until(() => pendingSignals(run.pid), (pending) => pending === 0n);
    run.signal("SIGINT");
    expect((await run.end()).status).toBe(130);
    await stage.empty(2000);
  }, patience);

  for (const [name, reached] of Object.entries(moments)) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      test(`${signal} as soon as ${name}: nothing left, within 3 s`, async () => {
        const run = start();
        await until(reached, Boolean);
        const before = performance.now();
        run.signal(signal);
        const { status, err } = await run.end();
        expect(performance.now() - before).toBeLessThan(3000);
        // Before the tool itself listens to signals, the signal's own default ends it.
        expect([130, 143]).toContain(status);
        expect(err).toBe("");
        expect(context.stage.left()).toEqual([]);
      }, patience);
    }

    test(
      `kill -9 as soon as ${name}: no process within 2 s, no folder after the next start`,
      async () => {
        const { stage } = context;
        const run = start();
        await until(reached, Boolean);
        run.signal("SIGKILL");
        await run.end();
        await until(() => stage.processes(), (left) => left.length === 0, 2000);
        if (stage.left().length > 0) {
          // It was made, and its keeper not yet started.
          expect((await stage.run("--netem", "none", "--count", "1")).status).toBe(0);
        }
        expect(stage.left()).toEqual([]);
      },
      patience,
    );
  }

  test("kill -9 during the run: everything gone within 2 s", async () => {
    const run = start();
    await run.printed(/link │ +3 {2}answered/);
    run.signal("SIGKILL");
    await run.end();
    await context.stage.empty(2000);
  }, patience);

  test("Ctrl-C while the server is waited for", async () => {
    const { stage } = context;
    const server = stage.program("server.ts", `console.log("never"); setInterval(() => {}, 1000);`);
    const run = start("--server", server);
    await run.printed(/server │ never/);
    const before = performance.now();
    run.signal("SIGINT");
    const { status, err } = await run.end();
    expect(performance.now() - before).toBeLessThan(3000);
    expect({ status, err }).toEqual({ status: 130, err: "" });
    expect(stage.left()).toEqual([]);
  }, patience);

  test("--json, interrupted, prints its summary", async () => {
    const run = start("--json");
    await until(
      () => exists(`${context.stage.out}/lab3/latest/events.jsonl`),
      Boolean,
    );
    run.signal("SIGINT");
    const { status, out } = await run.end();
    expect(status).toBe(130);
    if (out !== "") expect(JSON.parse(out)).toMatchObject({ lab: "lab3", engine: "local" });
    expect(context.stage.left()).toEqual([]);
  }, patience);

  for (const [name, reached] of Object.entries(moments)) {
    test(`up: Ctrl-C as soon as ${name}`, async () => {
      const up = context.stage.start(["up", "lab3"]);
      await until(reached, Boolean);
      up.signal("SIGINT");
      const { status } = await up.end();
      if (status === 0) await context.stage.lab("down", "lab3"); // It was up before.
      else expect(status).toBe(130);
      await context.stage.empty(2000);
    }, patience);
  }

  test("up: kill -9 of the tool while it waits leaves no half lab", async () => {
    const { stage } = context;
    const server = stage.program("server.ts", "setInterval(() => {}, 1000);");
    const up = stage.start(["up", "lab3", "--server", server]);
    await until(moments["the link runs"], Boolean);
    up.signal("SIGKILL");
    await up.end();
    await stage.empty(3000);
  }, patience);

  test("down: the keeper killed in the middle is no fault of down", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const results = await Promise.all([1, 2].map(() => stage.lab("down", "lab3")));
    for (const result of results) expect(result).toMatchObject({ status: 0, err: "" });
    await stage.empty(2000);
  }, patience);
});

/** Signals sent to a process that it has not taken yet (proc(5), ShdPnd and SigPnd). */
function pendingSignals(pid: number): bigint {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)]
    .reduce((sum, match) => sum | BigInt(`0x${match[1]}`), 0n);
}
