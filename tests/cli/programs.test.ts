/** A lab's programs as their user chooses among them: by name, one after the other, on a lab that is up. */
import { describe, expect, test } from "vitest";
import type { Compared } from "../../src/run/mod.ts";
import { cannotRun, ROOT, useStage } from "./lab_stage.ts";

const context = useStage();
const patience = 60_000;

/** What a comparison leaves. */
interface Comparison {
  seed: string;
  programs: Compared[];
}

function comparison(out: string, lab: string): Comparison {
  return JSON.parse(Deno.readTextFileSync(`${out}/${lab}/latest/comparison.json`)) as Comparison;
}

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test(
    "a lab that compares runs each program with the same seed, then sets them side by side",
    async () => {
      const { stage } = context;
      const args = ["--out", stage.out, "--netem", "delay 5ms loss 5%", "--seed", "7"];
      const { status, out, err } = await stage.lab("run", "lab2", ...args);
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out.match(/^server_\w+ over (TCP|UDP): \d+ lines$/gm)).toEqual([
        "server_tcp over TCP: 5 lines",
        "server_udp over UDP: 5 lines",
        "server_handler over TCP: 5 lines",
      ]);
      const table = out.split("\n\n").find((part) => part.includes("answered  "))!;
      expect(table.split("\n").map((line) => line.split(/ {2,}/)[0])).toEqual([
        "server_",
        "tcp",
        "udp",
        "handler",
      ]);
      expect(out).toContain("--seed 7");
      const { seed, programs } = comparison(stage.out, "lab2");
      expect(seed).toBe("7");
      expect(programs).toMatchObject([
        { name: "server_tcp", transport: "tcp", asked: 5, answered: 5, fault: null },
        { name: "server_udp", transport: "udp", asked: 5, answered: 5, fault: null },
        { name: "server_handler", transport: "tcp", asked: 5, answered: 5, fault: null },
      ]);
      for (const { name, wait_ms } of programs) {
        expect(wait_ms!.p50).toBeGreaterThanOrEqual(10);
        const events = `${stage.out}/lab2/latest/${name}/events.jsonl`;
        expect(Deno.readTextFileSync(events)).toContain('"profile":"delay 5ms loss 5% seed 7"');
      }
      expect(stage.left()).toEqual([]);
    },
    patience,
  );

  test(
    "a program that does not come to serve is told in its row, beside what the others did",
    async () => {
      const { stage } = context;
      const copy = `${stage.folder}/mine`;
      Deno.mkdirSync(copy);
      for (const { name } of Deno.readDirSync(`${ROOT}/labs/lab2-timestamp/solution`)) {
        const path = `${ROOT}/labs/lab2-timestamp/solution/${name}`;
        Deno.copyFileSync(path, `${copy}/${name}`);
      }
      Deno.writeTextFileSync(
        `${copy}/server_udp.ts`,
        "console.error('no socket');\nDeno.exit(4);\n",
      );
      const args = ["--out", stage.out, "--netem", "none", "--server", copy];
      const { status, out, err } = await stage.lab("run", "lab2", ...args);
      expect(status).toBe(1);
      expect(out).toMatch(/^tcp +5 of 5 /m);
      expect(out).toMatch(/^udp +did not come to serve$/m);
      expect(out).toMatch(/^handler +5 of 5 /m);
      expect(err).toMatch(/^lab: [A-Z].*no socket.* \(server_udp\)\n$/);
      expect(comparison(stage.out, "lab2").programs).toMatchObject([
        { served: true },
        { served: false, link: null },
        { served: true },
      ]);
      expect(stage.left()).toEqual([]);
    },
    patience,
  );

  test("--json prints the comparison and nothing else", async () => {
    const { stage } = context;
    const args = ["--out", stage.out, "--netem", "none", "--json"];
    const { status, out } = await stage.lab("run", "lab2", ...args);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ lab: "lab2", engine: "local" });
    expect(Deno.readTextFileSync(`${stage.out}/lab2/latest/comparison.json`)).toBe(out);
  }, patience);

  test("--program runs one of them, by its own transport", async () => {
    const { stage } = context;
    const args = ["--out", stage.out, "--program", "server_udp", "--netem", "none"];
    const { status, out } = await stage.lab("run", "lab2", ...args);
    expect(status).toBe(0);
    expect(out).toContain("Server listens on UDP 0.0.0.0:21567");
    expect(out).toMatch(
      /^again +\S+ run lab2 --netem none --program server_udp --out \S+ --seed \d+$/m,
    );
    expect(await stage.lab("run", "lab2", "--program", "server_upd")).toEqual({
      status: 2,
      out: "",
      err: "lab: Name one of lab2's programs server_tcp, server_udp, server_handler, " +
        "not 'server_upd' (did you mean server_udp?)\n",
    });
  }, patience);

  test(
    "a lab that is up with one program is run with that one's client, and no other",
    async () => {
      const { stage } = context;
      const up = await stage.lab("up", "lab2", "--program", "server_udp", "--netem", "none");
      expect(up.out).toContain("server_udp listens on udp port 21567");
      const run = await stage.lab("run", "lab2", "--out", stage.out);
      expect(run.status).toBe(0);
      expect(run.out).toMatch(/^lab2, Timestamp, server_udp, on the lab that is up$/m);
      expect(run.out).toMatch(/^5 packets transmitted, 5 received/m);
      expect(run.out).toMatch(/^again .* --program server_udp /m);
      const other = await stage.lab("run", "lab2", "--program", "server_tcp");
      expect(other).toMatchObject({
        status: 2,
        err:
          "lab: End the lab with ./lab down lab2 to run server_tcp: lab2 is up with server_udp\n",
      });
      expect((await stage.lab("down", "lab2")).status).toBe(0);
    },
    patience,
  );

  test(
    "a client without a mode of its own reads the lab's lines, or those of --input",
    async () => {
      const { stage } = context;
      const args = ["run", "lab1", "--out", stage.out, "--netem", "none"];
      const own = await stage.lab(...args);
      expect(own).toMatchObject({ status: 0, err: "" });
      expect(own.out).toMatch(/^client │ one read is not one message$/m);
      const input = stage.program("lines.txt", "from a file\n");
      const given = await stage.lab(...args, "--input", input);
      expect(given.out).toMatch(/^client │ from a file$/m);
      expect(given.out).not.toContain("one read is not one message");
      expect(await stage.lab(...args, "--count", "3")).toMatchObject({
        status: 2,
        err: "lab: Leave out --count: lab1's client sends the lines that it reads\n",
      });
    },
    patience,
  );

  test("logs stay on the disk over runs, and the numbers go on", async () => {
    const { stage } = context;
    const logs = `${stage.out}/lab5/logs`;
    for (const files of [3, 6]) {
      const run = await stage.lab("run", "lab5", "--out", stage.out, "--netem", "none");
      expect(run).toMatchObject({ status: 0, err: "" });
      expect([...Deno.readDirSync(logs)].map(({ name }) => name).sort())
        .toEqual(Array.from({ length: files }, (_, i) => `log${i}.txt`));
    }
  }, patience);

  test("a swarm's figures make a table, of one program as of several", async () => {
    const { stage } = context;
    const amounts = ["--swarm", "3", "--count", "2", "--interval", "0", "--netem", "none"];
    const args = ["run", "lab6", "--out", stage.out, ...amounts];
    const { status, out } = await stage.lab(...args, "--program", "server_threads");
    expect(status).toBe(0);
    expect(out).toMatch(/^server_threads +6 of 6 /m);
    const [threads] = comparison(stage.out, "lab6").programs;
    expect(threads).toMatchObject({ swarm: { clients: 3, requests: 6, answers: 6 }, fault: null });
    expect(threads!.memory_bytes).toBeGreaterThan(1_000_000);
    expect(await stage.lab(...args, "--clients", "2")).toMatchObject({
      status: 2,
      err:
        "lab: Leave out --clients, or give --input FILE: programs are compared with one client each\n",
    });
  }, patience);
});
