/** `lab run` on the docker engine: as on the local one, but for the engine's name and addresses. */
import { expect, test } from "vitest";
import { probeMachine } from "../../src/engine/mod.ts";
import { cannotRun, packetEvents, ROOT, SHORT, type Summary } from "../cli/lab_stage.ts";
import { describeDocker } from "./engine.ts";
import { useDockerStage } from "./docker_stage.ts";

const context = useDockerStage();
const patience = 60_000;
/** Whether the engine's kernel, taken for ours, has netem. */
const netem = (await probeMachine()).namespaces?.tc?.works === true;

/** What a run prints, without what differs from one to the next: times, addresses, names of folders. */
function shape(out: string): string[] {
  return out.split("\n")
    .filter((line) => !/^(?:again|artifacts|engine) |rtt|^ *$/.test(line))
    .map((line) =>
      line.replace(/10\.77\.\d+\.\d+(?::\d{5})?/g, "ADDRESS").replace(/[\d.]+ ms/g, "TIME")
        // As wide as addresses are long.
        .replace(/ +/g, " ").replace(/─+/g, "─").trim()
    )
    // What two programs print in one moment may come either way round.
    .sort();
}

describeDocker("lab run on the docker engine", () => {
  test.skipIf(cannotRun !== "")("prints what it prints on the local engine", async () => {
    const { stage } = context;
    const script = ["--netem", "none", "--script", "lose 2; down: lose 4", "--seed", "7"];
    const args = [...script, "--count", "5", "--interval", "20"];
    const local = await stage.run(...args, "--engine", "local");
    const docker = await stage.run(...args, "--engine", "docker");
    expect(docker).toMatchObject({ status: local.status, err: "" });
    expect(docker.out).toMatch(/^engine docker, driver tun \(.*netem.*\)$/m);
    expect(local.out).toMatch(/^engine local, driver tun \(.*netem.*\)$/m);
    expect(shape(docker.out)).toEqual(shape(local.out));
    expect(docker.out).toMatch(
      /^again {6}\.\/lab run lab3 --engine docker --netem none .*--seed 7/m,
    );
    expect(await stage.rest()).toEqual([]);
  }, patience);

  test.skipIf(cannotRun !== "")(
    "gives each packet the fate that it has on the local engine",
    async () => {
      const { stage } = context;
      const profile = "delay 20ms 5ms loss 20% duplicate 10% reorder 25% 50%";
      const args = [
        "--netem",
        profile,
        "--seed",
        "7",
        "--count",
        "100",
        "--interval",
        "5",
        "--json",
      ];
      const fates = async (engine: string) => {
        const { out } = await stage.run(...args, "--engine", engine);
        const { artifacts } = JSON.parse(out) as Summary;
        return (["up", "down"] as const).map((dir) =>
          packetEvents(artifacts!, dir).sort((a, b) => a.n - b.n)
            .map(({ n, fate, copies }) => `${dir} ${n} ${fate} ${copies.length}`)
        );
      };
      const [localUp, localDown] = await fates("local");
      const [up, down] = await fates("docker");
      expect(up).toEqual(localUp);
      // One engine's clients may send a late request more to a server that is about to end.
      const both = Math.min(down!.length, localDown!.length);
      expect(both).toBeGreaterThan(50);
      expect(down!.slice(0, both)).toEqual(localDown!.slice(0, both));
    },
    patience,
  );

  test.skipIf(netem)(
    "a driver that cannot be is an error, and no reason to go elsewhere",
    async () => {
      const { stage } = context;
      for (const engine of ["docker", "auto"]) {
        expect(await stage.run("--driver", "tc", "--engine", engine), engine).toEqual({
          status: 3,
          out: "",
          err: expect.stringMatching(
            /^lab: [A-Z][^\n]*, or use --driver tun: this kernel has no \w+\n$/,
          ),
        });
      }
      expect(await stage.rest()).toEqual([]);
    },
    patience,
  );

  test("--clients: each a container of its own, by address in order", async () => {
    const { stage } = context;
    const { status, out, err } = await stage.run(...SHORT, "--clients", "3");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain("\n9 packets transmitted, 9 received, 0% packet loss\n");
    for (const n of [1, 2, 3]) expect(out).toContain(`client${n} │ 3 packets transmitted, 3`);
    const events = packetEvents(Deno.realPathSync(`${stage.out}/lab3/latest`), "up");
    const hosts = (events as unknown as { src: string }[]).map(({ src }) =>
      Number(src.split(":")[0]!.split(".")[3])
    );
    expect([...new Set(hosts)].sort()).toEqual([3, 4, 5]);
    expect(await stage.rest()).toEqual([]);
  }, patience);

  test("--input: lines from a file, from a pipe, and none at all", async () => {
    const { stage } = context;
    const lines = stage.program("lines.txt", "one\nzwölf\nlast without an end");
    const file = await stage.run("--netem", "none", "--input", lines);
    expect(file).toMatchObject({ status: 0, err: "" });
    for (const answer of ["ONE", "LAST WITHOUT AN END"]) {
      expect(file.out).toContain(`client │ ${answer}\n`);
    }
    const args = ["run", "lab3", "--out", stage.out, "--netem", "none", "--input", "-"];
    const pipe = await stage.start(args, { input: "from a pipe\n" }).end();
    expect(pipe).toMatchObject({ status: 0, err: "" });
    expect(pipe.out).toContain("client │ FROM A PIPE\n");
    expect(await stage.start(args, { input: "" }).end()).toMatchObject({ status: 0, err: "" });
  }, patience);

  test("a program lies where it lies on the machine, whatever its folder is called", async () => {
    const { stage } = context;
    const folder = `${stage.folder}/it's a:folder "odd"/lab`;
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(`${folder}/../deno.json`, '{ "imports": { "#words": "./words.ts" } }');
    Deno.writeTextFileSync(`${folder}/../words.ts`, 'export const words = "found by my own map";');
    const client = `${folder}/client.ts`;
    Deno.writeTextFileSync(
      client,
      `import { words } from "#words";
      console.log(words);
      console.log(Deno.cwd());
      throw new Error("mine");`,
    );
    const { status, out } = await stage.run("--netem", "none", "--client", client);
    expect(status).toBe(1);
    expect(out).toContain("client │ found by my own map\n");
    expect(out).toContain(`client │ ${folder}\n`);
    expect(out).toMatch(/client │ .*Error: mine/);
  }, patience);

  test("a FIN of the client's that is lost comes again, though the client has ended", async () => {
    const { stage } = context;
    const profile = ["--netem", "delay 20ms", "--script", "lose 5"];
    const { out } = await stage.lab("run", "lab4", "--out", stage.out, ...profile);
    expect(out).toMatch(
      /link │ {2}1 {2}FIN lost on the way to the server \(by the script\), sent again after/,
    );
    expect(out).toContain("3 connections, all closed by the server first");
    expect(await stage.rest()).toEqual([]);
  }, patience);

  test("how a program ended: its status, its signal, its memory", async () => {
    const { stage } = context;
    const end = async (text: string) => {
      const client = stage.program("client.ts", text);
      return (await stage.run("--netem", "none", "--client", client)).err;
    };
    expect(await end("Deno.exit(4);")).toBe(
      "lab: Look at what the client printed: it ended with exit status 4\n",
    );
    expect(
      await end(
        "const all = []; for (;;) all.push(crypto.getRandomValues(new Uint8Array(65536)), new Uint8Array(5e7).fill(1));",
      ),
    ).toBe(
      "lab: Look at what the client printed: it ended with SIGKILL: it took more than its 1024 MB of memory\n",
    );
  }, patience);

  test("a server that does not come to serve is told as on the local engine", async () => {
    const { stage } = context;
    const broken = `${ROOT}/labs/lab3-udp-uppercase/broken`;
    for (
      const [server, line] of [
        [`${ROOT}/tests/fixtures/programs/exits-at-once`, /it ended at once \(exit status 3\)/],
        [`${broken}/loopback-only`, /^lab: Listen on 0\.0\.0\.0: .*127/],
        [
          `${broken}/wrong-port`,
          /^lab: Listen on udp port 12000: the server listens on udp 0\.0\.0\.0 port 12001\n$/,
        ],
      ] as const
    ) {
      const { status, err } = await stage.run("--server", `${server}/server.ts`);
      expect(status).toBe(1);
      expect(err).toMatch(line);
      expect(await stage.rest()).toEqual([]);
    }
  }, patience);

  test("auto takes Docker where it answers, and local for what containers cannot run", async () => {
    const { stage } = context;
    const auto = (...args: string[]) =>
      stage.start(["run", "lab3", "--out", stage.out, ...SHORT, ...args], {
        env: { LAB_ENGINE: "" },
      }).end();
    expect((await auto()).out).toMatch(/^engine docker, driver/m);
    if (cannotRun !== "") return;
    const native = stage.program("server", "#!/bin/sh\nexit 3\n");
    Deno.chmodSync(native, 0o755);
    const script = await auto("--server", native);
    expect(script.err).toMatch(
      /^lab: On the local engine, not on docker: .*containers have nothing to run .*server with\nlab: Let the server listen/,
    );
    const refused = await auto("--server", native, "--engine", "docker");
    expect(refused).toEqual({
      status: 2,
      out: "",
      err: expect.stringMatching(/^lab: Use --engine local, or give a \.ts or \.js program: /),
    });
  }, patience);
});
