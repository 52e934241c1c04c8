/** What a sandbox on the docker engine gives the programs in it, and what it keeps from them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { SANDBOX_FOLDER, type SandboxFile, startTestbed } from "../../src/engine/mod.ts";
import type { ProgramExit, Sandbox, StartedTestbed } from "../../src/engine/mod.ts";
import { until } from "../link/poll.ts";
import { docker } from "./docker_cli.ts";
import { describeDocker } from "./engine.ts";

const patience = 120_000;
const FILES: readonly SandboxFile[] = [
  { path: "a file", executable: false, bytes: new TextEncoder().encode("its bytes\n") },
  {
    path: "deep/run",
    executable: true,
    bytes: new TextEncoder().encode("#!/bin/sh\necho ran $1\n"),
  },
];

describeDocker("a sandbox", () => {
  let testbed: StartedTestbed;
  beforeAll(async () => {
    testbed = await startTestbed("docker", { lab: "lab3", driver: "tun", clients: 1 });
    // Something runs on the client host, whose network the sandbox shares.
    await testbed.startClient({
      command: ["sleep"],
      container: { command: ["sleep", "600"], reads: [] },
    });
  }, patience);
  afterAll(() => testbed?.[Symbol.asyncDispose](), patience);

  /** Runs a line of a shell at the server's place, to its end. */
  const sh = async (sandbox: Sandbox, line: string) => {
    const program = await sandbox.startServer({ command: ["sh", "-c", line] });
    const [out, err] = await Promise.all([
      new Response(program.stdout).text(),
      new Response(program.stderr).text(),
    ]);
    return { out, err, exit: await program.exited };
  };
  /** Its containers at the server's place, those that end included. */
  const containers = async () => {
    const record = JSON.parse(Deno.readTextFileSync(testbed.control.replace(/[^/]*$/, "run.json")));
    const labels = ["role=sandbox-server", `testbed=${record.docker.id}`];
    const filters = labels.flatMap((label) => ["--filter", `label=socklab.${label}`]);
    return await docker("ps", "--all", "--quiet", ...filters);
  };
  const open = (image?: string) =>
    testbed.openSandbox!({ files: FILES, ...(image === undefined ? {} : { image }) });

  test("has the files that were handed in, which nobody there can change", async () => {
    await using sandbox = await open();
    const { out } = await sh(sandbox, "pwd; cat 'a file'; deep/run well; echo x >'a file' || ls");
    expect(out).toBe(`${SANDBOX_FOLDER}\nits bytes\nran well\na file\ndeep\n`);
  }, patience);

  test("runs programs as another user than its agent, without any capability", async () => {
    await using sandbox = await open();
    const { out } = await sh(
      sandbox,
      "id -u; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; kill 1 || kill $PPID || echo neither; cat /proc/$PPID/environ || echo hidden",
    );
    expect(out).toMatch(/^6[01]\d{3}\nCapEff:\t0{16}\nNoNewPrivs:\t1\nneither\nhidden\n$/);
  }, patience);

  test("passes input, both outputs, signals and the way that a program ended", async () => {
    await using sandbox = await open();
    const input = ReadableStream.from([new TextEncoder().encode("typed\n")]);
    const program = await sandbox.startClient({
      command: [
        "sh",
        "-c",
        "trap 'echo caught; exit 7' INT; cat; echo wrong >&2; while :; do sleep 0.05; done",
      ],
      input,
    });
    const words = new Response(program.stderr).text();
    const out = new Response(program.stdout).text();
    await until(() => program.processes(), (count) => (count?.alive ?? 0) > 1, patience);
    program.kill("SIGINT");
    expect(await program.exited).toEqual({ code: 7, signal: null });
    expect([await out, await words]).toEqual(["typed\ncaught\n", "wrong\n"]);
  }, patience);

  test("ends as a shell does where there is nothing to start", async () => {
    await using sandbox = await open();
    const program = await sandbox.startServer({ command: ["pyhton3"] });
    expect(await new Response(program.stderr).text()).toBe("pyhton3: not found\n");
    expect(await program.exited).toEqual({ code: 127, signal: null });
  }, patience);

  test(
    "cleared, has nothing of what ran before: processes in sessions of their own, files",
    async () => {
      await using sandbox = await open();
      await sh(
        sandbox,
        "setsid sh -c 'sleep 300 & exec sleep 300' & for f in /tmp /dev/shm /logs; do mkdir $f/d; : >$f/d/x; chmod 0 $f/d; done",
      );
      await sandbox.clear();
      const { out } = await sh(
        sandbox,
        "ls -A /tmp /dev/shm /logs; ps -o args | grep -c '[s]leep'",
      );
      expect(out).toBe("/dev/shm:\n\n/logs:\n\n/tmp:\n0\n");
    },
    patience,
  );

  test("ends for want of memory as its programs' doing, and is to be replaced", async () => {
    await using sandbox = await testbed.openSandbox!({
      files: [],
      limits: { memory: 64 << 20, pids: 64 },
    });
    const { exit } = await sh(sandbox, "exec tail -c 2000000000 /dev/zero");
    expect(exit satisfies ProgramExit).toMatchObject({ signal: "SIGKILL" });
    expect(exit.why).toMatch(/memory/);
    await sandbox.clear();
  }, patience);

  test("that somebody else ends is a fault of the machine", async () => {
    await using sandbox = await open();
    await sh(sandbox, "true");
    await docker("kill", await containers());
    await until(() => Promise.resolve(sandbox.ended), (ended) => ended, patience);
    await expect(sandbox.clear()).rejects.toThrow("nobody knows why");
  }, patience);

  test("runs in an image that is not ours", async () => {
    await using sandbox = await open("socklab/link:0.1.0");
    const { out } = await sh(sandbox, "ss -V >/dev/null && cat 'a file'");
    expect(out).toBe("its bytes\n");
  }, patience);

  test("of an image that is not there is refused in one line", async () => {
    await expect(open("socklab/nowhere:1")).rejects.toThrow(
      /^Pull the image first \(docker pull socklab\/nowhere:1\)/,
    );
  }, patience);

  test("leaves no container when it ends", async () => {
    const sandbox = await open();
    await sh(sandbox, "true");
    expect(await containers()).not.toBe("");
    await sandbox[Symbol.asyncDispose]();
    await until(containers, (left) => left === "");
  }, patience);
});
