/** The clients of the labs against servers that nobody here wrote. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLab } from "../../src/lab/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";
import { type StartOptions, type TestProcess, TestProgram } from "../program.ts";
import { ADDRESS, lacking, serving } from "./tools.ts";
import { startXinetd, XINETD_PORTS } from "./xinetd.ts";

const TIMEOUT = 60_000;

/** A client of a lab's solution, towards a port of `ADDRESS`. */
function client(
  lab: string,
  port: number,
  { file = "client.ts", args = [], input = "" }: {
    file?: string;
    args?: string[];
    input?: Exclude<StartOptions["input"], undefined>;
  },
): TestProgram {
  const path = `${findLab(ROOT, lab).folder}/solution/${file}`;
  const where = ["--host", ADDRESS, "--port", String(port)];
  return new TestProgram(lab, "client", { path, args: [...where, ...args], input });
}

const noXinetd = lacking("xinetd");
describe.skipIf(noXinetd !== "")(`clients against xinetd's own services ${noXinetd}`.trim(), () => {
  const folder = Deno.makeTempDirSync({ prefix: "socklab-xinetd-" });
  let xinetd: TestProcess | undefined;
  beforeAll(async () => void (xinetd = await startXinetd(folder)), TIMEOUT);
  afterAll(async () => {
    await xinetd?.[Symbol.asyncDispose]();
    Deno.removeSync(folder, { recursive: true });
  });

  test("echo over TCP: lab1's client has every byte back, and 100,000 in a line", async () => {
    const bytes = Uint8Array.from({ length: 255 }, (_, i) => i < 0x0a ? i : i + 1);
    const line = new TextEncoder().encode(`\n${"0123456789".repeat(10_000)}\n`);
    const input = Uint8Array.from([...bytes, ...line]);
    await using lab1 = client("lab1", XINETD_PORTS.echo, { input });
    const end = await lab1.exit();
    expect(end).toMatchObject({ code: 0, stderr: [] });
    expect(end.bytes).toEqual(input);
  }, TIMEOUT);

  test("echo over TCP: lab6's client prints what comes, capitals or not", async () => {
    await using lab6 = client("lab6", XINETD_PORTS.echo, { input: "Hello\n\nWorld\n" });
    expect(await lab6.exit())
      .toMatchObject({ code: 0, stdout: ["Hello", "", "World"], stderr: [] });
  }, TIMEOUT);

  test("echo over UDP: lab3's client takes capitals, which come back as they are", async () => {
    await using lab3 = client("lab3", XINETD_PORTS.echo, { input: "ABC\n\n1 É 2\n" });
    const { code, stdout, stderr } = await lab3.exit();
    expect({ code, stdout }).toEqual({ code: 0, stdout: ["ABC", "", "1 É 2"] });
    // xinetd leaves a datagram unanswered now and then, one in some thirty here: it is asked again.
    expect(stderr.filter((line) => !/^no answer within 1000 ms, retry 1 of 3$/.test(line)))
      .toEqual([]);
  }, TIMEOUT);

  test.each(["lab4", "lab5"])("daytime over TCP: %s's client prints the date", async (lab) => {
    await using asking = client(lab, XINETD_PORTS.daytime, { input: "What time is it?\n" });
    const { code, stdout, stderr } = await asking.exit();
    expect(stdout).toHaveLength(1);
    expectNear(Date.parse(stdout[0]!));
    expectClosed(code, stderr);
  }, TIMEOUT);

  test("time over TCP: lab1's client has four bytes for four, the seconds since 1900", async () => {
    await using lab1 = client("lab1", XINETD_PORTS.time, { input: "now\n" });
    const { code, stderr, bytes } = await lab1.exit();
    expect(bytes).toHaveLength(4);
    const since1900 = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    expectNear(since1900 * 1000 + Date.UTC(1900, 0));
    expectClosed(code, stderr);
  }, TIMEOUT);

  test.each(["daytime", "time"] as const)(
    "%s over UDP: no client takes it for the answer to its request",
    async (service) => {
      const args = ["--timeout", "200", "--retries", "1"], input = "hello\n";
      await using lab3 = client("lab3", XINETD_PORTS[service], { args, input });
      await using lab2 = client("lab2", XINETD_PORTS[service], {
        file: "client_udp.ts",
        args,
        input,
      });
      for (const program of [lab3, lab2]) {
        const { code, stderr } = await program.exit();
        expect(program.text().replace(/[>\s]/g, "")).toBe("");
        expect(stderr.join("\n")).toContain("gave up after 1 retry");
        expect(code).toBe(1);
      }
    },
    TIMEOUT,
  );
});

/** Fails unless a time is that of now. */
function expectNear(time: number) {
  expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
}

/**
 * xinetd answers without reading, and closes: where the request has come by then, the kernel sends a RST instead of a
 * FIN (RFC 2525, 2.17). The client says so; what came before, it has printed.
 */
function expectClosed(code: number, stderr: string[]) {
  if (code === 0) return expect(stderr).toEqual([]);
  expect(code).toBe(1);
  expect(stderr).toHaveLength(1);
  expect(stderr[0]).toMatch(/lost the connection/);
}

/** Line by line, as tr by itself does not write into a pipe. */
const UPPER = "stdbuf -oL tr a-z A-Z";
const STAMP = 'printf "[%s] " "$(LC_ALL=C date "+%a %b %e %T %Y")"';
const PORT = 50_010;

const noTools = lacking("socat", "ncat", "stdbuf");
describe.skipIf(noTools !== "")(`clients against socat and ncat ${noTools}`.trim(), () => {
  const socatTcp = (port: number, run: string) => [
    ...["socat", `TCP-LISTEN:${port},bind=${ADDRESS},reuseaddr,fork`, `SYSTEM:${run}`],
  ];
  const socatUdp = (port: number, run: string) => [
    ...["socat", `UDP-RECVFROM:${port},bind=${ADDRESS},fork`, `SYSTEM:${run}`],
  ];
  const ncat = (port: number, run: string) => ["ncat", "-lk", ADDRESS, `${port}`, "-c", run];
  const lines = { input: "hello\nß 1\n" };

  test.each([
    ["socat and cat", "lab1", socatTcp(PORT, "cat"), ["hello", "ß 1"]],
    ["ncat and cat", "lab1", ncat(PORT, "cat"), ["hello", "ß 1"]],
    ["socat and tr", "lab6", socatTcp(PORT, UPPER), ["HELLO", "ß 1"]],
    ["ncat and tr", "lab6", ncat(PORT, UPPER), ["HELLO", "ß 1"]],
  ])("%s: %s's client has all of it back", async (_, lab, argv, stdout) => {
    await using _server = await serving(argv, { transport: "tcp", port: PORT });
    await using program = client(lab, PORT, lines);
    expect(await program.exit()).toMatchObject({ code: 0, stdout, stderr: [] });
  }, TIMEOUT);

  test.each([
    ["socat", "lab4", socatTcp(PORT, "read line; date")],
    ["ncat", "lab4", ncat(PORT, "read line; date")],
    ["socat", "lab5", socatTcp(PORT, "read line; date")],
    ["ncat", "lab5", ncat(PORT, "read line; date")],
  ])("%s and date: %s's client asks twice, and prints both", async (_, lab, argv) => {
    await using _server = await serving(argv, { transport: "tcp", port: PORT });
    await using program = client(lab, PORT, lines);
    const { code, stdout, stderr } = await program.exit();
    expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
    expect(stdout).toHaveLength(2);
    // In the words of the machine's locale.
    for (const line of stdout) expect(line).toMatch(/\d\d:\d\d:\d\d/);
  }, TIMEOUT);

  test("socat and tr over UDP: lab3's client has its answers", async () => {
    await using _server = await serving(socatUdp(PORT, "tr a-z A-Z"), {
      transport: "udp",
      port: PORT,
    });
    await using program = client("lab3", PORT, { args: ["--timeout", "10000"], ...lines });
    expect(await program.exit()).toMatchObject({ code: 0, stdout: ["HELLO", "ß 1"], stderr: [] });
  }, TIMEOUT);

  const each = `while IFS= read -r line; do ${STAMP}; printf "%s\\n" "$line"; done`;
  test.each([
    ["socat, a line after the other", "client_tcp.ts", socatTcp(PORT, `'${each}'`)],
    ["ncat, a line after the other", "client_tcp.ts", ncat(PORT, each)],
    ["ncat, a line a connection", "client_handler.ts", ncat(PORT, `head -n 1 | { ${each}; }`)],
  ])("%s: lab2's %s has its stamped lines", async (_, file, argv) => {
    await using _server = await serving(argv, { transport: "tcp", port: PORT });
    await using program = client("lab2", PORT, { file, input: "hello\nß 1\n\n" });
    const { code, stderr } = await program.exit();
    expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
    expect(program.text().match(/\[.{24}\] .*/g)?.map((line) => line.slice(27).trimEnd()))
      .toEqual(["hello", "ß 1"]);
  }, TIMEOUT);

  test("socat over UDP: lab2's client has its stamped line", async () => {
    // In one piece: what is written apart are datagrams apart.
    const argv = socatUdp(PORT, `'printf %s "$(${STAMP}; cat)"'`);
    await using _server = await serving(argv, { transport: "udp", port: PORT });
    const args = ["--timeout", "10000"];
    await using program = client("lab2", PORT, { file: "client_udp.ts", args, input: "hello\n\n" });
    expect(await program.exit()).toMatchObject({ code: 0, stderr: [] });
    expect(program.text()).toMatch(/\[.{24}\] hello/);
  }, TIMEOUT);
});
