/** What of an engine is missing, dead, old, full or in the way: one line that says what to do, its status, nothing left. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cannotRun, ROOT, SHORT } from "../cli/lab_stage.ts";
import { describeDocker } from "./engine.ts";
import { DockerStage, useDockerStage } from "./docker_stage.ts";
import { noOwnEngine, OwnEngine } from "./own_engine.ts";

const patience = 60_000;

/** Something that listens as an engine does, and gives the same answer to each. */
function fakeEngine(path: string, version: string | null): Disposable {
  const listener = Deno.listen({ transport: "unix", path });
  (async () => {
    for await (const conn of listener) {
      (async () => {
        await conn.read(new Uint8Array(4096));
        const body = version === null ? "no engine\n" : JSON.stringify({ Version: version });
        await conn.write(new TextEncoder().encode(`HTTP/1.0 200 OK\r\n\r\n${body}`));
        conn.close();
      })().catch(() => {});
    }
  })().catch(() => {});
  return { [Symbol.dispose]: () => listener.close() };
}

describe("where no engine can be used", () => {
  const context = useDockerStage();
  const socket = () => `${context.stage.folder}/docker.sock`;

  /** Runs `./lab run` and `./lab up` with an engine at that socket. */
  async function both(env: Record<string, string> = {}, within: string[] = []) {
    const results = [];
    for (const verb of ["run", "up"]) {
      const options = { env: { DOCKER_HOST: `unix://${socket()}`, ...env }, within };
      results.push(await context.stage.start([verb, "lab3"], options).end());
      expect(context.stage.left()).toEqual([]);
    }
    return results;
  }
  const refused = (line: RegExp) => ({
    status: 3,
    out: "",
    err: expect.stringMatching(line),
  });

  test("none there", async () => {
    for (const result of await both()) {
      expect(result).toEqual(
        refused(/^lab: Install Docker and start it, or use --engine local: .*\n$/),
      );
    }
  }, patience);

  test("a dead one", async () => {
    // Killed, it leaves its socket behind.
    const dead = `Deno.listen({ transport: "unix", path: "${socket()}" });
      Deno.kill(Deno.pid, "SIGKILL");`;
    await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", dead] }).output();
    for (const result of await both()) {
      expect(result).toEqual(
        refused(/^lab: Start Docker, .*: nobody listens on .*docker\.sock\n$/),
      );
    }
  }, patience);

  test("an old one: which is needed", async () => {
    using _engine = fakeEngine(socket(), "19.03.8");
    for (const result of await both()) {
      expect(result).toEqual(
        refused(/^lab: Update Docker to 20\.10 or newer, .*: 19\.03\.8 answers/),
      );
    }
  }, patience);

  test("something else", async () => {
    using _engine = fakeEngine(socket(), null);
    for (const result of await both()) {
      expect(result).toEqual(refused(/^lab: Restart Docker, .* does not answer as Docker does\n$/));
    }
  }, patience);

  test("an address of another kind", async () => {
    for (const result of await both({ DOCKER_HOST: "ssh://somewhere" })) {
      expect(result).toEqual(refused(/^lab: Set DOCKER_HOST to a unix:\/\/ or tcp:\/\/ address/));
    }
  }, patience);

  test.runIf(Deno.uid() === 0)("one that is not ours to use", async () => {
    const { folder } = context.stage;
    using _engine = fakeEngine(socket(), "20.10.24");
    Deno.chmodSync(socket(), 0o600);
    Deno.mkdirSync(`${folder}/home`);
    Deno.chownSync(`${folder}/home`, 65534, 65534);
    const within = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const home = `${folder}/home`;
    for (
      const result of await both({ HOME: home, LAB_STATE: home, LAB_RUNTIME_DIR: home }, within)
    ) {
      expect(result).toEqual(
        refused(/^lab: Join the group that may use Docker .*usermod.*not yours/),
      );
    }
  }, patience);

  test("LAB_ENGINE that is none", async () => {
    const options = { env: { LAB_ENGINE: "podman" } };
    expect(await context.stage.start(["run", "lab3"], options).end()).toEqual({
      status: 2,
      out: "",
      err: "lab: Set LAB_ENGINE to auto, docker or local, not 'podman'\n",
    });
  }, patience);

  test.skipIf(cannotRun !== "")(
    "auto takes the local engine, and says so of an old one",
    async () => {
      const { stage } = context;
      const auto = () =>
        stage.start(["run", "lab3", "--out", stage.out, ...SHORT], {
          env: { DOCKER_HOST: `unix://${socket()}`, LAB_ENGINE: "" },
        }).end();
      expect(await auto()).toMatchObject({
        status: 0,
        out: expect.stringContaining("\nengine local, driver"),
        err: "",
      });
      using _engine = fakeEngine(socket(), "19.03.8");
      expect(await auto()).toMatchObject({
        status: 0,
        err: expect.stringMatching(
          /^lab: On the local engine, not on docker: Update Docker to 20\.10 .*\n$/,
        ),
      });
    },
    patience,
  );
});

describeDocker("with the machine's engine", () => {
  const context = useDockerStage();

  test.runIf(Deno.uid() === 0 && cannotRun === "")(
    "a program that only root may read",
    async () => {
      const { stage } = context;
      const client = stage.program("client.ts", 'console.log("read");');
      Deno.chmodSync(client, 0o600);
      const args = ["run", "lab3", "--out", stage.out, "--netem", "none", "--client", client];
      expect(await stage.start(args).end()).toEqual({
        status: 2,
        out: "",
        err: expect.stringMatching(
          /^lab: Let others read .*client\.ts \(chmod o\+r\), .*: in a container .* user 65534, who may not\n$/,
        ),
      });
      expect(await stage.rest()).toEqual([]);
      const auto = await stage.start(args, { env: { LAB_ENGINE: "auto" } }).end();
      expect(auto.out).toContain("client │ read\n");
      expect(auto.err).toMatch(/^lab: On the local engine, not on docker: Let others read .*\n$/);
    },
    patience,
  );

  test("a fresh checkout without a network: Docker's client library is missing", async () => {
    const { stage } = context;
    const checkout = `${stage.folder}/checkout`;
    const lines = [
      `mkdir -p '${checkout}/node_modules/.deno' && cd '${ROOT}'`,
      `cp -R lab deno.json deno.lock scripts src labs types images '${checkout}'`,
      `cp -R node_modules/.deno/deno-std@* '${checkout}/node_modules/.deno'`,
      `cp -RP node_modules/deno-std '${checkout}/node_modules'`,
    ];
    expect((await stage.shell(lines.join(" && "))).status).toBe(0);
    const nowhere = "http://127.0.0.1:1/";
    const run = (engine: string) =>
      stage.start(["run", "lab3", "--out", stage.out, ...SHORT, "--engine", engine], {
        // Nothing that was fetched before is at hand, and no way leads out.
        env: { DENO_DIR: `${stage.folder}/cache`, NPM_CONFIG_REGISTRY: nowhere, LAB_IMPORTS: "" },
        within: ["sh", "-c", `shift; exec '${checkout}/lab' "$@"`, "-"],
      }).end();
    expect(await run("docker")).toEqual({
      status: 3,
      out: "",
      err: expect.stringMatching(
        /^lab: fetching the client library .*\nlab: Go online and try again, or use --engine local: .*could not be fetched \(.*\)\n$/,
      ),
    });
    expect(await stage.rest()).toEqual([]);
    if (cannotRun !== "") return;
    expect(await run("auto")).toMatchObject({
      status: 0,
      err: expect.stringMatching(
        /^lab: fetching .*\nlab: On the local engine, not on docker: Go online .*\n$/,
      ),
    });
  }, patience);
});

describe.skipIf(noOwnEngine !== "")(`with an engine of its own ${noOwnEngine}`, () => {
  let engine: OwnEngine;
  let stage: DockerStage;
  const tags = ["programs", "link"].map((name) => `socklab/${name}:${version()}`);
  const long = ["run", "lab3", "--netem", "none", "--count", "100000", "--interval", "10"];

  beforeAll(async () => {
    engine = await OwnEngine.start();
    stage = new DockerStage(engine.host);
  }, patience);
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
  }, patience);

  test.skipIf(cannotRun !== "")("without images, and no way to have them", async () => {
    // What the launcher and the local engine call, and nothing that could make images.
    const bin = `${stage.folder}/bin`;
    const names = "sh readlink sed cksum tr cut head rm ip mount nsenter setpriv setsid unshare";
    await stage.shell(`mkdir ${bin}; for n in ${names}; do ln -s $(command -v $n) ${bin}/$n; done`);
    const args = ["run", "lab3", "--out", stage.out, ...SHORT];
    const env = { PATH: bin, LAB_ENGINE: "docker" };
    const refused = await stage.start(args, { env }).end();
    expect(refused).toMatchObject({ status: 3, out: "" });
    expect(refused.err).toMatch(/\nlab: [^\n]+\n$/);
    const auto = await stage.start(args, { env: { ...env, LAB_ENGINE: "auto" } }).end();
    expect(auto).toMatchObject({ status: 0, out: expect.stringContaining("\nengine local,") });
    expect(auto.err).toMatch(/^lab: On the local engine, not on docker: .*$/m);
    await stage.clean(5000);
  }, patience);

  describe("that has the images", () => {
    beforeAll(async () => await engine.loadImages(...tags), patience);

    test("images of another recipe: one line, and the lab runs", async () => {
      const container = await engine.docker("create", tags[1]!);
      const older = ["--change", "LABEL socklab.recipe=older"];
      await engine.docker("commit", ...older, container, tags[1]!);
      await engine.docker("rm", container);
      expect(await stage.run(...SHORT)).toMatchObject({
        status: 0,
        err: `lab: Run ./lab images, which builds anew: ${
          tags[1]
        } was built from another state of this checkout\n`,
      });
      await stage.clean(5000);
      await engine.loadImages(...tags);
    }, patience);

    test("no tun device", async () => {
      await engine.stop();
      await engine.begin("mount -t tmpfs none /dev/net");
      for (const verb of ["run", "up"]) {
        expect(await stage.lab(verb, "lab3", "--driver", "tun")).toEqual({
          status: 3,
          out: "",
          err: expect.stringMatching(/^lab: [^\n]*no \/dev\/net\/tun\n$/),
        });
        await stage.clean(5000);
      }
      await engine.stop();
      await engine.begin();
    }, patience);

    test("a firewall that drops what containers send each other: nothing is graded", async () => {
      await engine.loadImages(`socklab/sandbox:${version()}`);
      onTestFinished(async () => {
        await engine.within("iptables", "--policy", "FORWARD", "ACCEPT");
      });
      await engine.within("iptables", "--policy", "FORWARD", "DROP");
      const solution = `${ROOT}/labs/lab3-udp-uppercase/solution`;
      expect(await stage.lab("check", "lab3", solution, "--engine", "docker")).toEqual({
        status: 3,
        out: expect.stringMatching(/^lab3, UDP uppercase: 27 checks, seed \d+\n\n$/),
        err: expect.stringMatching(/^lab: Look at this machine's firewall: [^\n]*\n$/),
      });
      await stage.clean(5000);
    }, patience);

    test("no subnet is free", async () => {
      const blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
      const networks = blocks.map((_, i) => `all-${i}`);
      for (const [i, block] of blocks.entries()) {
        await engine.docker("network", "create", "--subnet", block, networks[i]!);
      }
      expect(await stage.run(...SHORT)).toEqual({
        status: 3,
        out: "",
        err: expect.stringMatching(/^lab: Run docker network prune, .*no subnet is free.*\n$/),
      });
      await engine.docker("network", "rm", ...networks.slice(0, 2));
      // One that is left blocks no others.
      expect(await stage.run(...SHORT)).toMatchObject({ status: 0, err: "" });
      await engine.docker("network", "rm", networks[2]!);
      await stage.clean(5000);
    }, patience);

    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      test(`the engine ends in the middle, by ${signal}, and comes back`, async () => {
        const run = stage.start([...long, "--out", stage.out]);
        await run.printed(/link │ +3 {2}answered/);
        await engine.stop(signal);
        const { status, err } = await run.end();
        expect(err).toMatch(/^lab: Start Docker again, then repeat the command: [^\n]*\n$/);
        expect(status).toBe(3);
        await engine.begin();
        await stage.clean(20_000);
      }, patience);
    }

    test("the engine ends while a lab is up: it is up no longer", async () => {
      expect(await stage.lab("up", "lab3")).toMatchObject({ status: 0 });
      await engine.stop();
      await stage.lab("down", "lab3");
      expect((await stage.lab("netem", "show", "lab3")).err).toMatch(/^lab: Start it first with/);
      await engine.begin();
      await stage.clean(20_000);
    }, patience);
  });

  test("a full disk", async () => {
    await using small = await OwnEngine.start({ megabytes: 900 });
    await small.loadImages(...tags);
    await using full = new DockerStage(small.host);
    await full.shell(`dd if=/dev/zero of='${small.data}/fill' bs=64k 2>/dev/null`);
    const { status, out, err } = await full.run(...SHORT);
    expect({ status, out }).toEqual({ status: 3, out: "" });
    expect(err).toMatch(/^lab: Make room where Docker keeps its data .*: its disk is full\n$/);
    Deno.removeSync(`${small.data}/fill`);
    await full.clean(10_000);
    expect(await full.run(...SHORT)).toMatchObject({ status: 0, err: "" });
  }, patience);
});

function version(): string {
  const config = Deno.readTextFileSync(new URL("../../deno.json", import.meta.url));
  return (JSON.parse(config) as { version: string }).version;
}
