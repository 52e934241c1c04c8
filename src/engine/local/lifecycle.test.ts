import { afterEach, beforeEach, expect, test } from "vitest";
import type { StartedTestbed } from "../testbed.ts";
import { attachTestbed } from "../attach.ts";
import { clientAddress } from "./addresses.ts";
import { startTime } from "../process.ts";
import { startLocalTestbed } from "./start_local.ts";
import { listStates, sweepStates } from "../state.ts";
import { eventually, firstWords, inhabitants, isRoot, Stage, startTrial } from "./trials/stage.ts";

let stage: Stage;
beforeEach(() => void (stage = new Stage()));
afterEach(async () => await stage[Symbol.asyncDispose]());

const patience = 30_000;
const stateOf = (testbed: StartedTestbed) => testbed.control.replace(/\/control\.sock$/, "");

async function says(testbed: StartedTestbed, script: string, host?: number): Promise<string> {
  const command = ["/bin/sh", "-c", script];
  const program = host === undefined
    ? await testbed.startServer({ command })
    : await testbed.startClient({ command, host });
  const text = await new Response(program.stdout).text();
  await program.exited;
  return text;
}

/** The namespaces of a testbed, as /proc names them. */
async function namespacesOf(testbed: StartedTestbed): Promise<string[]> {
  const look = "readlink /proc/self/ns/net; readlink /proc/self/ns/mnt; readlink /proc/self/ns/pid";
  return [
    ...new Set((await says(testbed, look) + await says(testbed, look, 1)).trim().split("\n")),
  ];
}

test("disposing leaves no process, no namespace and no folder", async () => {
  const testbed = await startLocalTestbed({ lab: "trial" });
  const namespaces = await namespacesOf(testbed);
  expect(namespaces.length).toBe(4);
  expect(namespaces.flatMap(inhabitants).length).toBeGreaterThan(0);
  expect(stage.states()).toEqual([stateOf(testbed)]);
  await testbed[Symbol.asyncDispose]();
  expect(stage.states()).toEqual([]);
  expect(stage.processes()).toEqual([]);
  expect(namespaces.flatMap(inhabitants)).toEqual([]);
  await testbed[Symbol.asyncDispose]();
}, patience);

test("disposing ends the programs, politely where they listen", async () => {
  let said: Promise<string>;
  {
    await using testbed = await startLocalTestbed({ lab: "trial" });
    const program = await testbed.startServer({
      command: [
        "/bin/sh",
        "-c",
        "trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.01; done",
      ],
    });
    const [one, two] = program.stdout.tee();
    said = new Response(two).text();
    await one.getReader().read();
  }
  expect(await said).toBe("hi\nbye\n");
  await stage.empty();
}, patience);

test("nothing can be started in a testbed that has ended", async () => {
  const testbed = await startLocalTestbed({ lab: "trial" });
  await testbed[Symbol.asyncDispose]();
  await expect(testbed.startServer({ command: ["/bin/sh"] })).rejects.toThrow("this one has ended");
}, patience);

test("a tool that is killed takes its programs, link, namespaces and folder with it", async () => {
  for (const nobody of isRoot ? [false, true] : [false]) {
    await using tool = startTrial("owner", stage, { nobody });
    const { state, link } = await firstWords(tool) as { state: string; link: number };
    const namespace = Deno.readLinkSync(`/proc/${link}/ns/pid`);
    // The link, the program, and the daemon that left the program's session.
    expect(inhabitants(namespace).length).toBeGreaterThanOrEqual(3);
    expect(Deno.statSync(state).isDirectory).toBe(true);
    tool.kill("SIGKILL");
    await stage.empty();
    expect(inhabitants(namespace)).toEqual([]);
    expect(startTime(link)).toBeNull();
  }
}, 60_000);

test(
  "a tool that is killed in the middle of a set-up leaves at most a folder for the next to remove",
  async () => {
    for (let ms = 40; ms <= 160; ms += 8) {
      await using tool = startTrial("owner", stage);
      await new Promise((resolve) => setTimeout(resolve, ms));
      tool.kill("SIGKILL");
      await tool.status;
      await eventually(() => stage.processes().length === 0);
      sweepStates();
      await stage.empty();
    }
  },
  60_000,
);

test("broken tells that the link ended unasked", async () => {
  await using testbed = await startLocalTestbed({ lab: "trial" });
  const { link } = listStates().find(({ path }) => path === stateOf(testbed))!.record;
  Deno.kill(link!, "SIGKILL");
  expect((await testbed.broken).message).toBe("Start again: the link ended without a word");
}, patience);

test("broken settles for a visitor, too", async () => {
  await using testbed = await startLocalTestbed({ lab: "trial", kind: "up" });
  const found = listStates().find(({ path }) => path === stateOf(testbed))!;
  await using visitor = await attachTestbed(found);
  Deno.kill(found.record.link!, "SIGKILL");
  expect((await visitor.broken).message).toBe("The link has ended");
}, patience);

test("attachTestbed() finds a testbed by its record, and leaves it as it was", async () => {
  await using testbed = await startLocalTestbed({ lab: "trial", kind: "up", clients: 2 });
  const found = listStates().find(({ path }) => path === stateOf(testbed))!;
  expect(found.record).toMatchObject({ lab: "trial", kind: "up", clients: 2 });
  {
    await using visitor = await attachTestbed(found);
    expect(await says(visitor, "hostname -I", 2)).toContain(clientAddress(2));
    await visitor.set({ up: { profile: "loss 100%", script: "" } });
  }
  expect((await testbed.show()).up.profile).toContain("loss 100%");
}, patience);

test("two testbeds at once do not meet", async () => {
  const [one, two] = await Promise.all([
    startLocalTestbed({ lab: "one" }),
    startLocalTestbed({ lab: "two" }),
  ]);
  try {
    await one.set({ up: { profile: "loss 100%", script: "" } });
    expect((await two.show()).up.profile).toBe("");
    const spaces = await Promise.all([namespacesOf(one), namespacesOf(two)]);
    expect(new Set(spaces.flat()).size).toBe(8);
    await one[Symbol.asyncDispose]();
    expect(await says(two, "hostname -I")).toContain("10.77.0.2");
    expect(stage.states()).toEqual([stateOf(two)]);
  } finally {
    await Promise.all([one, two].map((testbed) => testbed[Symbol.asyncDispose]()));
  }
}, patience);

test("each of five clients reaches the server and the others", async () => {
  await using testbed = await startLocalTestbed({ lab: "trial", clients: 5 });
  const ping = (name: string) => `ping -c 1 -W 5 ${name} >/dev/null && echo ${name}`;
  for (let host = 1; host <= 5; host++) {
    // As the shells do: the programs' own ping may not start without its file capability.
    const others = ["server", ...[1, 2, 3, 4, 5].map((k) => `client${k}`)];
    const command = testbed.shellCommand("client").map((word) =>
      word.endsWith("/client1") ? word.replace(/client1$/, `client${host}`) : word
    );
    const shell = new Deno.Command(command[0]!, {
      args: command.slice(1),
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const input = shell.stdin.getWriter();
    await input.write(new TextEncoder().encode(others.map(ping).join("\n") + "\n"));
    await input.close();
    const { stdout } = await shell.output();
    expect(new TextDecoder().decode(stdout).trim().split("\n")).toEqual(others);
  }
}, 60_000);

test("leftovers of a machine that went down are removed at the next start", async () => {
  const left = `${stage.folder}/socklab-${Deno.uid()}/0badcafe`;
  Deno.mkdirSync(left, { recursive: true });
  Deno.chmodSync(left.slice(0, left.lastIndexOf("/")), 0o700);
  Deno.writeTextFileSync(
    `${left}/run.json`,
    JSON.stringify({ v: 1, lab: "old", since: "2026", owner: { pid: Deno.pid, start: "1" } }),
  );
  await using testbed = await startLocalTestbed({ lab: "trial" });
  expect(stage.states()).toEqual([stateOf(testbed)]);
}, patience);

test.each([0, 1, 2, 4, 7, 11, 16, 22, 30, 45, 70])(
  "a set-up that is called off after %i ms leaves nothing",
  async (ms) => {
    const stop = new AbortController();
    const starting = startLocalTestbed({ lab: "trial", signal: stop.signal });
    setTimeout(() => stop.abort(new Error("called off")), ms);
    const outcome = await starting.then(
      (testbed) => testbed[Symbol.asyncDispose]().then(() => "started before"),
      (error: Error) => error.message,
    );
    expect(["called off", "started before"]).toContain(outcome);
    if (ms <= 4) expect(outcome).toBe("called off");
    expect(stage.states()).toEqual([]);
    await stage.empty();
  },
  patience,
);

test("a set-up that waits for its link can be called off", async () => {
  const stop = new AbortController();
  const link = ["/bin/sh", "-c", "exec cat"];
  const starting = startLocalTestbed({ lab: "trial", signal: stop.signal }, { link });
  const outcome = expect(starting).rejects.toThrow("called off");
  // Watcher, unshare, and the first process, which has become its link by then or is about to.
  await eventually(() => stage.processes().length >= 3);
  stop.abort(new Error("called off"));
  await outcome;
  expect(stage.states()).toEqual([]);
  await stage.empty();
}, patience);

test("a signal that was aborted before starts nothing", async () => {
  await expect(startLocalTestbed({ lab: "trial", signal: AbortSignal.abort(new Error("no")) }))
    .rejects.toThrow("no");
  expect(stage.states()).toEqual([]);
});

test.each([0, -1, 1.5, 253])("%d clients are refused", async (clients) => {
  await expect(startLocalTestbed({ lab: "trial", clients })).rejects.toThrow(RangeError);
  expect(stage.states()).toEqual([]);
});
