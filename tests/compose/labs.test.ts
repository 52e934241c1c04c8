/** Each lab in Compose, and what labs have that lab3 has not: TCP, lines of their own, comparisons, logs that stay. */
import { expect, test } from "vitest";
import { describeDocker } from "../docker/engine.ts";
import { linesOf, textOf, UID, useCompose } from "./compose_stage.ts";

const context = useCompose();
const perfect = { LAB_NETEM: "none" };
const patience = 60_000;

describeDocker("docker compose up", () => {
  test("of a lab on TCP sends the lab's lines, and tells its connection", async () => {
    const { stage } = context;
    const run = await stage.up({ ...perfect, LAB_SEED: "7" }, "lab1");
    expect(run.status).toBe(0);
    const text = textOf(run, "lab1-1");
    expect(text).toMatch(/^client │ one read is not one message$/m);
    expect(text).toMatch(/^1 connection/m);
    expect(text).toMatch(/^again +LAB_NETEM=none LAB_SEED=7 docker compose up lab1$/m);
  }, patience);

  test("of a lab that compares runs each program in turn, and sets them side by side", async () => {
    const { stage } = context;
    const run = await stage.up(perfect, "lab2");
    expect(run.status).toBe(0);
    const rows = linesOf(run, "lab2-1").filter((line) => /^\w+ +\d+ of/.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual([
      ["tcp", "5 of 5"],
      ["udp", "5 of 5"],
      ["handler", "5 of 5"],
    ]);
  }, patience);

  test("of one program, by LAB_PROGRAM, which the server's container starts as well", async () => {
    const { stage } = context;
    const run = await stage.up({ ...perfect, LAB_PROGRAM: "server_udp" }, "lab2");
    expect(run.status).toBe(0);
    const text = textOf(run, "lab2-1");
    expect(text).toMatch(/^server │ Server listens on UDP 0\.0\.0\.0:21567$/m);
    expect(text).toMatch(/^5 packets transmitted, 5 received/m);
    expect(text).toMatch(
      /^again +LAB_NETEM=none LAB_PROGRAM=server_udp LAB_SEED=\d+ docker compose up lab2$/m,
    );
    const log = await stage.compose(["logs", "lab2-server"]);
    expect(log.out).not.toContain("TCP");
    const other = await stage.up({ ...perfect, LAB_PROGRAM: "server_upd" }, "lab2");
    expect(other.status).toBe(2);
    expect(textOf(other, "lab2-1")).toMatch(/^lab: Name one of lab2's programs server_tcp, /);
  }, patience);

  test("of lab6 compares its architectures, their memory included", async () => {
    const { stage } = context;
    const small = { ...perfect, LAB_SWARM: "4", LAB_COUNT: "2", LAB_INTERVAL: "200" };
    const run = await stage.up(small, "lab6");
    expect(run.status).toBe(0);
    const rows = linesOf(run, "lab6-1").filter((line) => /^\w+ +\d+ of/.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual([
      ["once", "8 of 8"],
      ["iterative", "8 of 8"],
      ["event_loop", "8 of 8"],
      ["threads", "8 of 8"],
      ["processes", "8 of 8"],
    ]);
    for (const row of rows) expect(row).toMatch(/\d MB/);
  }, patience);

  test(
    "of lab5 leaves its logs on the disk over down and up, and their numbers go on",
    async () => {
      const { stage } = context;
      const logs = `${stage.out}/lab5/logs`;
      const names = () => [...Deno.readDirSync(logs)].map(({ name }) => name).sort();
      expect((await stage.up(perfect, "lab5")).status).toBe(0);
      expect(names()).toEqual(["log0.txt", "log1.txt", "log2.txt"]);
      const first = Deno.readTextFileSync(`${logs}/log0.txt`);
      expect((await stage.compose(["down"])).status).toBe(0);
      expect(await stage.left()).toEqual([]);
      expect((await stage.up(perfect, "lab5")).status).toBe(0);
      expect(names()).toEqual([0, 1, 2, 3, 4, 5].map((number) => `log${number}.txt`));
      expect(Deno.readTextFileSync(`${logs}/log0.txt`)).toBe(first);
      expect(Deno.statSync(`${logs}/log5.txt`).uid).toBe(UID);
    },
    patience,
  );

  test.runIf(Deno.uid() === 0)(
    "of lab5 in a checkout of root's: the runner makes the folder that its server writes",
    async () => {
      const { stage } = context;
      Deno.chownSync(stage.out, 0, 0);
      expect((await stage.up(perfect, "lab5")).status).toBe(0);
      expect([...Deno.readDirSync(`${stage.out}/lab5/logs`)].length).toBe(3);
    },
    patience,
  );

  test("of lab4 tells the states of its connections", async () => {
    const { stage } = context;
    const run = await stage.up(perfect, "lab4");
    expect(run.status).toBe(0);
    expect(textOf(run, "lab4-1")).toMatch(/^TIME-WAIT +\d at the (client|server)/m);
  }, patience);
});
