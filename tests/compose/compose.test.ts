/** `docker compose up lab3`, as its user types it. */
import { expect, test } from "vitest";
import { probeMachine } from "../../src/engine/mod.ts";
import { cannotRun, LabStage, outcomes, packetEvents } from "../cli/lab_stage.ts";
import { describeDocker } from "../docker/engine.ts";
import { linesOf, ROOT, SHORT, textOf, UID, useCompose } from "./compose_stage.ts";

const context = useCompose();
/** How many labs there are. */
const LABS = [...Deno.readDirSync(`${ROOT}/labs`)].filter(({ name }) => /^lab\d/.test(name)).length;
const patience = 60_000;
/** Whether the engine's kernel, taken for ours, has netem. */
const netem = (await probeMachine()).namespaces?.tc?.works === true;
const broken = "labs/lab3-udp-uppercase/broken";
const foreign = "tests/fixtures/programs/foreign";

describeDocker("docker compose up lab3", () => {
  test("prints what ./lab run lab3 prints, leaves artifacts, and down leaves nothing", async () => {
    const { stage } = context;
    const run = await stage.compose(["up", "lab3"], SHORT);
    expect(run.status).toBe(0);
    const lines = linesOf(run), text = textOf(run);
    expect(lines.slice(0, 4)).toEqual([
      "lab3, UDP uppercase",
      expect.stringMatching(/^engine docker, driver (tc|tun) \(.+\)$/),
      "to the server   a perfect wire",
      "to the clients  a perfect wire",
    ]);
    expect(outcomes(text)).toEqual(["1 answered in", "2 answered in", "3 answered in"]);
    expect(text).toMatch(/^server │ Server listens on UDP 0\.0\.0\.0:12000$/m);
    expect(text).toMatch(/^client │ 3 packets transmitted, 3 received, 0% packet loss$/m);
    expect(text).toMatch(/^server │ Server stopped$/m);
    expect(text).toMatch(/^3 packets transmitted, 3 received, 0% packet loss$/m);
    expect(text).toMatch(
      /^again {6}LAB_NETEM=none LAB_COUNT=3 LAB_INTERVAL=10 LAB_SEED=\d+ docker compose up lab3$/m,
    );
    expect(text).toMatch(/^artifacts {2}out\/lab3\/\d{4}-/m);
    const latest = Deno.realPathSync(`${stage.out}/lab3/latest`);
    expect([...Deno.readDirSync(latest)].map(({ name }) => name).sort()).toEqual([
      "client.log",
      "client.pcap",
      "events.jsonl",
      "server.log",
      "server.pcap",
      "summary.json",
    ]);
    expect(Deno.statSync(`${latest}/summary.json`).uid).toBe(UID);
    expect(stage.summary()).toMatchObject({
      engine: "docker",
      sent: 3,
      received: 3,
      artifacts: expect.stringMatching(/^out\/lab3\/\d{4}-/),
    });
    // Link, server, client; Compose makes the networks of all labs.
    expect((await stage.left()).length).toBe(3 + LABS);
    expect((await stage.compose(["down"])).status).toBe(0);
    expect(await stage.left()).toEqual([]);
  }, patience);

  test("up again begins a new run with the same seed and the same fates", async () => {
    const { stage } = context;
    const values = { LAB_COUNT: "12", LAB_INTERVAL: "10", LAB_NETEM: "delay 5ms loss 30%" };
    const told = async (env: Record<string, string>) => {
      const run = await stage.compose(["up", "lab3"], { ...values, ...env });
      const latest = Deno.realPathSync(`${stage.out}/lab3/latest`);
      const fates = packetEvents(latest, "up").map(({ n, fate }) => `${n} ${fate}`).sort();
      return { seed: /^seed +(\d+)$/m.exec(textOf(run))?.[1], fates, latest };
    };
    const first = await told({});
    const second = await told({});
    expect(first.seed).toMatch(/^\d+$/);
    expect(second.latest).not.toBe(first.latest);
    expect({ ...second, latest: "" }).toEqual({ ...first, latest: "" });
    expect((await told({ LAB_SEED: "7" })).seed).toBe("7");
  }, patience);

  test.skipIf(cannotRun !== "")(
    "the same seed gives the same fates as on the local engine, packet by packet",
    async () => {
      const { stage } = context;
      await using local = new LabStage();
      const netem = "delay 20ms 5ms loss 20% duplicate 10% corrupt 5%";
      const values = { LAB_NETEM: netem, LAB_COUNT: "40", LAB_INTERVAL: "10", LAB_SEED: "77" };
      const options = ["--netem", netem, "--count", "40", "--interval", "10", "--seed", "77"];
      const fates = (out: string) => {
        const events = packetEvents(Deno.realPathSync(`${out}/lab3/latest`), "up");
        return events.sort((a, b) => a.n - b.n).map(({ n, fate, copies }) => {
          const corrupted = (copies as { corrupted: boolean }[]).map((copy) => copy.corrupted);
          return { n, fate, corrupted };
        });
      };
      await Promise.all([stage.up(values), local.run("--engine", "local", ...options)]);
      const here = fates(stage.out);
      expect(here).toHaveLength(40);
      expect(new Set(here.map(({ fate }) => fate)).size).toBe(3);
      expect(fates(local.out)).toEqual(here);
    },
    patience,
  );

  test(
    "LAB_SERVER and LAB_CLIENT take other programs, LAB_UP, LAB_DOWN and LAB_SCRIPT another network",
    async () => {
      const { stage } = context;
      const quick = { LAB_COUNT: "2", LAB_INTERVAL: "10" };
      const wrong = await stage.up({
        ...quick,
        LAB_NETEM: "none",
        LAB_SERVER: `${broken}/never-answers/server.ts`,
      });
      expect(wrong.status).toBe(1);
      expect(textOf(wrong)).toMatch(/^server │ PING 1 /m);
      expect(textOf(wrong)).toContain(
        "lab: Let the server answer each request: 2 reached it, and it sent nothing back",
      );
      const values = { ...quick, LAB_UP: "delay 30ms", LAB_DOWN: "loss 0.0001%", LAB_SIZE: "40" };
      const right = await stage.up({ ...values, LAB_SCRIPT: "lose 2", LAB_SERVER: "" });
      expect(right.status).toBe(0);
      expect(outcomes(textOf(right))).toEqual([
        "1 answered in",
        "2 lost on the way to the server (by the script)",
      ]);
      expect(textOf(right)).toContain("2 datagrams of 40 bytes");
      const starter = { LAB_CLIENT: "labs/lab3-udp-uppercase/starter/client.ts" };
      expect((await stage.up({ ...quick, LAB_NETEM: "none", ...starter })).out).toContain(
        "client │",
      );
    },
    patience,
  );

  test.each([
    ["wrong-port", "Listen on udp port 12000: the server listens on udp 0.0.0.0 port 12001"],
    [
      "loopback-only",
      "Listen on 0.0.0.0: the server listens on 127.0.0.1 only, where no other host reaches it",
    ],
  ])("a server that is broken (%s) is told as by ./lab run, status 1", async (name, line) => {
    const run = await context.stage.up({ ...SHORT, LAB_SERVER: `${broken}/${name}` });
    expect(run.status).toBe(1);
    expect(linesOf(run).at(-1)).toBe(`lab: ${line}`);
  }, patience);

  test("a server that crashes is told in its own words, and the next run has another", async () => {
    const { stage } = context;
    const crash = { LAB_SERVER: "tests/fixtures/programs/does-not-compile" };
    const run = await stage.up({ ...SHORT, ...crash });
    expect(run.status).toBe(1);
    expect(linesOf(run).at(-1)).toMatch(
      /^lab: Let the server listen until it is stopped: it ended at once \(exit status 1\), saying: error: /,
    );
    expect((await stage.up(SHORT)).status).toBe(0);
  }, patience);

  test("wrong values are told in one line that names the variable, status 2", async () => {
    const { stage } = context;
    const wrong: [Record<string, string>, string | RegExp][] = [
      [{ LAB_COUNT: "0" }, "lab: Give LAB_COUNT a whole number from 1 to 1000000 in lab3, not 0"],
      [
        { LAB_NETEM: "loss 10% dely 5ms" },
        /^lab: LAB_NETEM: Write one of .*: column 10, got 'dely'$/,
      ],
      [{ LAB_NETEM: "none", LAB_UP: "none" }, /^lab: Give LAB_NETEM .* or LAB_UP and LAB_DOWN, /],
      [{ LAB_SERVER: "my/none.ts" }, "lab: Give LAB_SERVER a file that exists, not my/none.ts"],
      [{ LAB_CLIENT: "/home/me/x.ts" }, /^lab: Give LAB_CLIENT a path from the checkout on/],
      [
        { LAB_SERVER: `${foreign}/server.py` },
        "lab: Use ./lab run --engine local, or give a .ts or .js program: containers have nothing to run python3 with",
      ],
      [
        { LAB_CLIENT: `${foreign}/client` },
        /^lab: Use .\/lab run --engine local, .* containers have nothing to run tests\/.*\/client with$/,
      ],
      [{ LAB_DRIVER: "fast" }, "lab: Give LAB_DRIVER one of auto, tc, tun, not 'fast'"],
      [
        { LAB_DRIVER: "tc", LAB_SCRIPT: "lose 1" },
        "lab: Leave out LAB_DRIVER=tc: the kernel's netem follows no script, tun does",
      ],
      [{ LAB_UID: "0" }, /^lab: Set LAB_UID to your user's number/],
    ];
    for (const [env, said] of wrong) {
      const { status, out, err } = await stage.compose(["run", "--rm", "-T", "lab3"], env);
      // Around it, Compose says what it does.
      const lines = err.split("\n").filter((line) => line.startsWith("lab: "));
      expect({ env, status, out, lines: lines.length })
        .toEqual({ env, status: 2, out: "", lines: 1 });
      if (typeof said === "string") expect(lines[0]).toBe(said);
      else expect(lines[0]).toMatch(said);
    }
  }, patience);

  test.skipIf(Deno.uid() !== 0)(
    "out/ of root's keeps artifacts, though nothing runs as root",
    async () => {
      const { stage } = context;
      Deno.chownSync(stage.out, 0, 0);
      expect((await stage.up(SHORT)).status).toBe(0);
      expect(stage.summary()).toMatchObject({ sent: 3, received: 3 });
      expect(Deno.statSync(`${stage.out}/lab3/latest/summary.json`).uid).toBe(UID);
      expect(Deno.statSync(stage.out).mode! & 0o7777).toBe(0o2775);
    },
  );

  test(
    "another LAB_DRIVER takes effect at the next up, and one that cannot be is told",
    async () => {
      const { stage } = context;
      const tun = await stage.compose(["up", "lab3"], { ...SHORT, LAB_DRIVER: "tun" });
      expect(linesOf(tun)).toContain("engine docker, driver tun");
      if (!netem) {
        const tc = await stage.up({ ...SHORT, LAB_DRIVER: "tc" });
        expect(tc.status).toBe(3);
        expect(textOf(tc)).toMatch(
          /^lab: [A-Z].*, or use LAB_DRIVER=tun: this kernel has no \w+$/m,
        );
      }
      const { out, err } = await stage.compose(
        ["run", "--rm", "-T", "lab3", "--driver", "tun"],
        SHORT,
      );
      expect({ out, err }).toMatchObject({
        out: expect.stringContaining("engine docker, driver tun\n"),
      });
    },
    patience,
  );

  test("another LAB_UID takes effect at the next up", async () => {
    const { stage } = context;
    await stage.compose(["up", "lab3"], SHORT);
    const LAB_UID = `${UID + 1}`;
    if (Deno.uid() === 0) Deno.chownSync(stage.out, UID + 1, UID + 1);
    const next = await stage.compose(["up", "lab3"], { ...SHORT, LAB_UID });
    expect(linesOf(next)).toContain("3 packets transmitted, 3 received, 0% packet loss");
    const user = await stage.compose(["exec", "-T", "lab3-server", "id", "-u"], { LAB_UID });
    expect(user.out).toBe(`${LAB_UID}\n`);
  }, patience);

  test("out/ that cannot be written is one line, and the run goes on", async () => {
    const { stage } = context;
    Deno.mkdirSync(`${stage.folder}/closed`, { mode: 0o555 });
    if (Deno.uid() === 0) Deno.chownSync(`${stage.folder}/closed`, 4321, 4321);
    const run = await stage.up({ ...SHORT, LAB_OUT: `${stage.folder}/closed` });
    expect(run.status).toBe(0);
    const lines = linesOf(run).filter((line) => /artifacts/.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/to keep artifacts: .*; going on without them$/);
  }, patience);
});
