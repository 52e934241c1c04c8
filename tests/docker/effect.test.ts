/** What the link does, measured by a container that is none of ours, against what the link says that it did. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StartedTestContainer } from "testcontainers";
import { type StartedTestbed, startTestbed } from "../../src/engine/mod.ts";
import type { LinkEvent } from "../../src/packet/mod.ts";
import { docker } from "./docker_cli.ts";
import type { Drained, Heard } from "./effect_peer.ts";
import { describeDocker } from "./engine.ts";
import { idleContainer } from "./testcontainers.ts";

const PEER = new URL("./effect_peer.ts", import.meta.url).pathname;
const PORT = 7000;

describeDocker("a link's effect, measured from outside", () => {
  const held = new AsyncDisposableStack();
  let testbed: StartedTestbed;
  let beside: StartedTestContainer;

  beforeAll(async () => {
    const lab = `effect-${crypto.randomUUID().slice(0, 8)}`;
    testbed = held.use(await startTestbed("docker", { lab, driver: "tun" }));
    const command = [
      ...["deno", "run", "-A", "--no-config", "--unstable-net", PEER, "serve", `${PORT}`],
    ];
    held.use(await testbed.startServer({ command, container: { command, reads: [PEER] } }));
    for (const proto of ["udp", "tcp"] as const) {
      const report = await testbed.awaitListening({ proto, port: PORT, timeoutMs: 30_000 });
      expect(report.listening).toBe(true);
    }
    const filter = ["--filter", `label=socklab.lab=${lab}`, "--format", "{{.Name}}"];
    beside = held.use(
      await idleContainer().withNetworkMode(await docker("network", "ls", ...filter))
        .withCopyFilesToContainer([{ source: PEER, target: "/tmp/peer.ts" }]).start(),
    );
  });
  afterAll(() => held.disposeAsync());

  /** Runs the peer beside the lab's own clients. */
  async function measure<T>(mode: string, ...args: number[]): Promise<T> {
    const { exitCode, stdout, stderr } = await beside.exec([
      ...["deno", "run", "-A", "--no-config", "--unstable-net", "/tmp/peer.ts", mode],
      ...[testbed.serverAddress, `${PORT}`, ...args.map(String)],
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout) as T;
  }

  /** Runs `during` with a link of those settings; resolves to what it found and what the link recorded meanwhile. */
  async function run<T>(up: string, down: string, during: () => Promise<T>, script = "") {
    using enough = new Finish();
    const events = await testbed.events({ enough: enough.signal });
    const [forUp = "", forDown = ""] = script.split(" | ");
    await testbed.begin({ profile: up, script: forUp }, { profile: down, script: forDown });
    const found = await during();
    await testbed.end();
    enough.now();
    const told: LinkEvent[] = [];
    for await (const event of events) told.push(event);
    return { found, packets: told.filter((event) => event.ev === "packet") };
  }

  test("a script's fates are what its datagrams meet, and delays what their answers take", async () => {
    const script = "lose 2,5 | duplicate 3; lose 4";
    const { found: heard, packets } = await run(
      "delay 40ms",
      "delay 30ms",
      () => measure<Heard>("ask", 8, 10),
      script,
    );
    const answers = Object.fromEntries(
      Object.entries(heard).map(([number, times]) => [number, times.length]),
    );
    // Answers are numbered as they come to the link: the third is that to 4, the fourth that to 6.
    expect(answers).toEqual({ 1: 1, 3: 1, 4: 2, 7: 1, 8: 1 });
    for (const ms of Object.values(heard).flat()) expect(ms).toBeGreaterThan(70);
    expect(packets.filter(({ fate }) => fate === "lost").map(({ dir, n }) => `${dir} ${n}`).sort())
      .toEqual(["down 4", "up 2", "up 5"]);
  });

  test("loss and delay by chance are those that the link reports, datagram by datagram", async () => {
    const { found: heard, packets } = await run(
      "delay 25ms 10ms loss 20% seed 11",
      "delay 25ms 10ms loss 20% seed 12",
      () => measure<Heard>("ask", 60, 15),
    );
    /** How long the link held what carries a number, in milliseconds; undefined where it lost it. */
    const held = (dir: "up" | "down", number: string) => {
      const packet = packets.find(({ dir: way, head }) => way === dir && atob(head!) === number);
      return packet?.copies[0] && (packet.copies[0].at_us - packet.t_us) / 1000;
    };
    const numbers = Array.from({ length: 60 }, (_, i) => `${i + 1}`);
    const expected = numbers.filter((number) => held("down", number) !== undefined);
    expect(Object.keys(heard)).toEqual(expected);
    // 20 % each way: seeds 11 and 12 lose so many of 60.
    expect(packets.filter(({ dir }) => dir === "up")).toHaveLength(60);
    expect(expected.length).toBeGreaterThan(25);
    expect(expected.length).toBeLessThan(50);
    const besides = expected.map((number) =>
      heard[Number(number)]![0]! - held("up", number)! - held("down", number)!
    ).sort((a, b) => a - b);
    // What is not the link's is the way there, the server, the clocks of two programs. A link that a busy machine holds up
    // between sending a copy and looking at its clock tells that one's time too late: few.
    expect(besides[Math.floor(besides.length / 10)]).toBeGreaterThan(-1);
    expect(besides[besides.length >> 1]).toBeLessThan(10);
  });

  test("a rate is what a stream gets", async () => {
    const { found: { bytes, ms } } = await run(
      "",
      "rate 8mbit",
      () => measure<Drained>("drain"),
    );
    expect(bytes).toBe(1 << 20);
    const mbit = bytes * 8 / 1000 / ms;
    // Headers take 4 %, and what waits in the link when the first bytes come has waited before the clock began.
    expect(mbit).toBeGreaterThan(4);
    expect(mbit).toBeLessThan(8.5);
  });

  test("a perfect wire loses nothing of theirs", async () => {
    const { found: heard } = await run("", "", () => measure<Heard>("ask", 20, 5));
    expect(Object.values(heard).map((times) => times.length)).toEqual(Array(20).fill(1));
  });
});

/** A signal that is given at the latest when its scope ends. */
class Finish implements Disposable {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  now() {
    this.#controller.abort();
  }
  [Symbol.dispose]() {
    this.now();
  }
}
