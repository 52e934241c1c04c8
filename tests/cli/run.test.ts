/** `lab run` as its user meets it: what it prints, what it leaves, what repeats it. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import {
  cannotRun,
  outcomes,
  packetEvents,
  ROOT,
  SHORT,
  type Summary,
  useStage,
} from "./lab_stage.ts";

const context = useStage();
const patience = 30_000;
const quick = ["--count", "3", "--interval", "10"];

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test(
    "tells each datagram, statistics and what repeats it, and leaves nothing running",
    async () => {
      const { status, out, err } = await context.stage.run(...SHORT);
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(outcomes(out)).toEqual(["1 answered in", "2 answered in", "3 answered in"]);
      expect(out).toContain("\n3 packets transmitted, 3 received, 0% packet loss\n");
      expect(out).not.toContain("\x1b[");
      expect(context.stage.left()).toEqual([]);
      const latest = Deno.realPathSync(`${context.stage.out}/lab3/latest`);
      expect(out).toContain(`artifacts  ${latest}\n`);
      const files = [...Deno.readDirSync(latest)].map(({ name }) => name).sort();
      expect(files).toEqual(
        [
          "client.log",
          "client.pcap",
          "events.jsonl",
          "server.log",
          "server.pcap",
          "summary.json",
        ],
      );
    },
    patience,
  );

  const valid = new Ajv2020({ strict: true }).compile<Summary>(
    JSON.parse(Deno.readTextFileSync(`${ROOT}/src/run/summary.schema.json`)) as object,
  );

  test("--json prints a valid summary and nothing else, also where things go wrong", async () => {
    const { stage } = context;
    const silent = `${ROOT}/labs/lab3-udp-uppercase/broken/never-answers/server.ts`;
    const cases: [string[], number, Partial<Summary>][] = [
      [["--netem", "none"], 0, { sent: 3, received: 3, lost: 0 }],
      [["--script", "lose 2", "--netem", "none"], 0, { sent: 3, received: 2, lost: 1 }],
      [["--netem", "none", "--server", silent], 1, { sent: 3, received: 0, lost: 3 }],
    ];
    for (const [args, status, facts] of cases) {
      const result = await stage.run(...quick, "--json", ...args);
      expect(result.status).toBe(status);
      const summary = JSON.parse(result.out) as Summary;
      expect(valid(summary), JSON.stringify(valid.errors)).toBe(true);
      expect(summary).toMatchObject(facts);
      expect(Deno.readTextFileSync(`${summary.artifacts}/summary.json`)).toBe(result.out);
    }
    expect(await stage.run("--json", "--server", "/no/such.ts")).toMatchObject({
      status: 2,
      out: "",
    });
  }, patience);

  test("--quiet prints statistics alone", async () => {
    const { out, err } = await context.stage.run(...SHORT, "--quiet");
    expect(err).toBe("");
    expect(out).toMatch(/^--- as the link saw it ---\n3 packets transmitted, 3 received/);
    expect(out).not.toMatch(/│/);
  }, patience);

  test("the command under `again` repeats each datagram's fate", async () => {
    const first = await context.stage.run("--netem", "loss 40%", ...quick);
    const again = /^again {6}(.*)$/m.exec(first.out)![1]!;
    const second = await context.stage.shell(again);
    expect(second.status).toBe(first.status);
    expect(outcomes(first.out).length).toBe(3);
    expect(outcomes(second.out)).toEqual(outcomes(first.out));
  }, patience);

  test("what lab fate foretells is what lab run shows", async () => {
    const { stage } = context;
    const count = 200;
    const profile = "loss 20% duplicate 10%";
    const foretold = await stage.lab("fate", `${profile} seed 7`, "--count", `${count}`, "--json");
    const args = ["--netem", profile, "--seed", "7", "--count", `${count}`, "--interval", "1"];
    const { out } = await stage.run(...args, "--json");
    const events = packetEvents((JSON.parse(out) as Summary).artifacts!, "up");
    const { copies } = JSON.parse(foretold.out) as { copies: string };
    expect(events.map((event) => event.copies.length).join("")).toBe(copies);
    expect(copies).toMatch(/^[012]{200}$/);
  }, patience);

  test("--script decides by number, --up and --down by direction", async () => {
    const { out } = await context.stage.run(
      ...["--up", "none", "--down", "none", "--script", "lose 1; down: lose 2"],
      ...quick,
    );
    expect(outcomes(out)).toEqual([
      "1 lost on the way to the server (by the script)",
      "2 answered in",
      "3 answer lost on the way back (by the script)",
    ]);
    expect(out).toMatch(/The first exchange that went wrong: number 1\n/);
  }, patience);

  test("--clients: each on a host of its own, each line with its client", async () => {
    const { status, out } = await context.stage.run(...SHORT, "--clients", "3");
    expect(status).toBe(0);
    expect(out).toContain("\n9 packets transmitted, 9 received, 0% packet loss\n");
    for (const n of [1, 2, 3]) expect(out).toContain(`client${n} │ 3 packets transmitted, 3`);
    const events = packetEvents(Deno.realPathSync(`${context.stage.out}/lab3/latest`), "up");
    const hosts = (events as unknown as { src: string }[]).map(({ src }) => src.split(":")[0]);
    expect([...new Set(hosts)].sort()).toEqual(["10.77.0.3", "10.77.0.4", "10.77.0.5"]);
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
    expect(stage.left()).toEqual([]);
  }, patience);

  test("a server in another language", async ({ skip }) => {
    const { stage } = context;
    if ((await stage.shell("command -v python3")).status !== 0) skip("no python3 here");
    const server = stage.program(
      "server.py",
      `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 12000))
print("Python serves")
while True:
    data, client = s.recvfrom(65535)
    s.sendto(data.upper(), client)
`,
    );
    const { status, out, err } = await stage.run(...SHORT, "--server", server);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain("server │ Python serves\n");
    expect(out).toContain("\n3 packets transmitted, 3 received, 0% packet loss\n");
  }, patience);

  test("runs at once keep out of each other's way", async () => {
    const runs = await Promise.all(
      [1, 2, 3].map(() => context.stage.run(...SHORT, "--json")),
    );
    const summaries = runs.map(({ out }) => JSON.parse(out) as Summary);
    for (const summary of summaries) expect(summary).toMatchObject({ sent: 3, received: 3 });
    expect(new Set(summaries.map(({ artifacts }) => artifacts)).size).toBe(3);
    expect(context.stage.left()).toEqual([]);
  }, patience);

  test(
    "from another folder: relative paths are that folder's, with whatever is in their names",
    async () => {
      const { stage } = context;
      Deno.mkdirSync(`${stage.folder}/it's a, b`);
      Deno.copyFileSync(
        `${ROOT}/labs/lab3-udp-uppercase/solution/server.ts`,
        `${stage.folder}/it's a, b/my.ts`,
      );
      const args = ["run", "lab3", ...SHORT, "--server", "it's a, b/my.ts", "--out", "here"];
      const { status, out } = await stage.start(args, { cwd: stage.folder }).end();
      expect(status).toBe(0);
      const again = /^again {6}(.*)$/m.exec(out)![1]!;
      expect(await stage.shell(again, { cwd: stage.folder })).toMatchObject({ status: 0, err: "" });
      expect(out).toMatch(/^artifacts {2}here\/lab3\//m);
      expect(Deno.statSync(`${stage.folder}/here/lab3/latest/summary.json`).isFile).toBe(true);
    },
    patience,
  );

  test("a reader that leaves early ends the run without a word", async () => {
    const { stage } = context;
    const line = `set -o pipefail; "${ROOT}/lab" run lab3 ${
      SHORT.join(" ")
    } --out "$LAB_RUNTIME_DIR/o"`;
    const { status, out, err } = await stage.shell(`${line} | head -3`);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out.split("\n").length).toBe(4);
    expect(stage.left()).toEqual([]);
  }, patience);
});
