import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProgramSpec, RunningProgram } from "../program.ts";
import { startLocalTestbed } from "./start_local.ts";
import { sessionMembers, startTime } from "../process.ts";
import { eventually, inhabitants, isRoot, Stage } from "./trials/stage.ts";

let stage: Stage;
let testbed: Awaited<ReturnType<typeof startLocalTestbed>>;

beforeAll(async () => {
  stage = new Stage();
  testbed = await startLocalTestbed({ lab: "programs" });
}, 30_000);

afterAll(async () => {
  await testbed?.[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const sh = (script: string): ProgramSpec => ({ command: ["/bin/sh", "-c", script] });

async function output(program: RunningProgram): Promise<string> {
  return await new Response(program.stdout).text();
}

/** Reads until the program has said a whole line. */
async function firstLine(program: RunningProgram): Promise<string> {
  const reader = program.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return text.split("\n")[0]!;
}

/** The first process of the testbed's pid namespace. */
function firstProcess(): number {
  const record = Deno.readTextFileSync(testbed.control.replace("control.sock", "run.json"));
  return (JSON.parse(record) as { link: number }).link;
}

/** How many processes of the testbed sleep for so many seconds. */
function sleepers(seconds: number): number {
  const namespace = Deno.readLinkSync(`/proc/${firstProcess()}/ns/pid`);
  return inhabitants(namespace).filter((pid) => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/cmdline`) === `sleep\0${seconds}\0`;
    } catch {
      return false; // Gone by now.
    }
  }).length;
}

test("exited tells a program's status", async () => {
  const program = await testbed.startClient(sh("exit 7"));
  expect(await program.exited).toEqual({ code: 7, signal: null });
});

test("exited tells the signal that ended a program", async () => {
  const program = await testbed.startServer(sh("kill -SEGV $$"));
  expect(await program.exited).toMatchObject({ signal: "SIGSEGV" });
});

test("kill() reaches the program itself, which may answer with its own status", async () => {
  const program = await testbed.startServer(
    sh("trap 'echo bye; exit 0' INT; echo ready; while :; do sleep 0.01; done"),
  );
  expect(await firstLine(program)).toBe("ready");
  program.kill("SIGINT");
  expect(await program.exited).toEqual({ code: 0, signal: null });
});

test("kill() right after the start ends the program", async () => {
  for (let round = 0; round < 20; round++) {
    const program = await testbed.startClient(sh("exec sleep 300"));
    program.kill("SIGTERM");
    expect(await program.exited).toMatchObject({ signal: "SIGTERM" });
  }
});

test("kill() after the end is harmless", async () => {
  const program = await testbed.startClient(sh(":"));
  await program.exited;
  program.kill("SIGKILL");
  expect(await program.exited).toEqual({ code: 0, signal: null });
});

test("kill() ends a program that has been stopped", async () => {
  const program = await testbed.startClient(sh("kill -STOP $$"));
  await eventually(() => /^\d+ \(.*\) [Tt] /.test(readStat(program.pid!)));
  program.kill("SIGKILL");
  expect(await program.exited).toMatchObject({ signal: "SIGKILL" });
});

test("pid is the program's own", async () => {
  const program = await testbed.startClient(sh("echo ready; exec sleep 300"));
  await firstLine(program);
  await eventually(() => readStat(program.pid!).includes("(sleep)"));
  program.kill("SIGKILL");
  await program.exited;
  expect(startTime(program.pid!)).toBeNull();
});

test("disposing gives a program 2 s to end, then ends it", async () => {
  const stubborn = await testbed.startServer(
    sh("trap '' TERM INT; echo ready; while :; do sleep 0.05; done"),
  );
  await firstLine(stubborn);
  const began = performance.now();
  await stubborn[Symbol.asyncDispose]();
  const took = performance.now() - began;
  expect(await stubborn.exited).toMatchObject({ signal: "SIGKILL" });
  expect(took).toBeGreaterThan(1900);
  expect(took).toBeLessThan(8000);
}, 20_000);

test("disposing ends what a program left behind in its session", async () => {
  const program = await testbed.startServer(
    sh("sleep 300 >/dev/null 2>&1 & echo started; exec sleep 300"),
  );
  await firstLine(program);
  const first = firstProcess();
  const session = Number(readStat(program.pid!).split(") ")[1]!.split(" ")[3]);
  expect(sessionMembers(session, first).length).toBe(2);
  await program[Symbol.asyncDispose]();
  await eventually(() => sessionMembers(session, first).every((pid) => startTime(pid) === null));
});

test("disposing ends what a program left behind in a session of its own, and nothing of others", async () => {
  const other = await testbed.startServer(
    sh("setsid sleep 302 >/dev/null 2>&1 & (sleep 303 >/dev/null 2>&1 &) ; echo started; wait"),
  );
  await firstLine(other);
  const program = await testbed.startClient(
    sh("setsid sleep 301 >/dev/null 2>&1 & echo started"),
  );
  await program.exited;
  await eventually(() => [301, 302, 303].every((seconds) => sleepers(seconds) === 1));
  await program[Symbol.asyncDispose]();
  await eventually(() => sleepers(301) === 0);
  expect([sleepers(302), sleepers(303)]).toEqual([1, 1]);
  await other[Symbol.asyncDispose]();
  await eventually(() => sleepers(302) + sleepers(303) === 0);
});

test("output ends soon after the program, though a child of it holds the pipe", async () => {
  const program = await testbed.startServer(sh("setsid sleep 300 & echo said"));
  expect(await output(program)).toBe("said\n");
});

test("input arrives byte for byte, and ends", async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256);
  const input = new Blob([bytes]).stream();
  const program = await testbed.startClient({ ...sh("cat"), input });
  const back = new Uint8Array(await new Response(program.stdout).arrayBuffer());
  expect(back).toEqual(bytes);
  expect(await program.exited).toEqual({ code: 0, signal: null });
});

test("input is empty where none is given", async () => {
  expect(await output(await testbed.startClient(sh("wc -c")))).toBe("0\n");
});

test("a program that ends leaves the rest of its input to others", async () => {
  let given: ReadableStreamDefaultController<Uint8Array> | undefined;
  const input = new ReadableStream<Uint8Array>({
    start: (controller) => void (given = controller),
  });
  const program = await testbed.startClient({ ...sh("head -n 1"), input });
  given!.enqueue(new TextEncoder().encode("one\n"));
  expect(await output(program)).toBe("one\n");
  await program.exited;
  await eventually(() => !input.locked);
  given!.enqueue(new TextEncoder().encode("two\n"));
  const { value } = await input.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("two\n");
});

test("a program without a folder of its own runs in that of its file", async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab test " }));
  try {
    Deno.writeTextFileSync(`${folder}/program.sh`, "pwd\n");
    const program = await testbed.startClient({ command: ["sh", `${folder}/program.sh`] });
    expect(await output(program)).toBe(`${folder}\n`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

test.runIf(isRoot)(
  "root's testbed runs a program in its owner's name, where only that one can read",
  async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab-test-" }));
    try {
      const file = `${folder}/program.ts`;
      Deno.writeTextFileSync(
        file,
        `const { uid } = Deno.statSync(import.meta.filename!);
Deno.writeTextFileSync("written", "");
console.log(Deno.uid(), Deno.gid(), uid, Deno.cwd(), Deno.env.get("HOME"));`,
      );
      for (const path of [file, folder]) Deno.chownSync(path, 65534, 65533);
      const command = [Deno.execPath(), "run", "-A", "--no-config", file];
      const program = await testbed.startClient({ command });
      const [said, errors] = await Promise.all([
        output(program),
        new Response(program.stderr).text(),
      ]);
      expect(errors).toBe("");
      expect(said).toMatch(new RegExp(`^65534 65533 65534 ${folder} /`));
      expect(Deno.statSync(`${folder}/written`).uid).toBe(65534);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

test("a program's environment is the tool's, with its own on top", async () => {
  const program = await testbed.startClient({
    ...sh('echo "$GREETING $HOME"'),
    env: { GREETING: "hi" },
  });
  expect(await output(program)).toBe(`hi ${Deno.env.get("HOME") ?? ""}\n`);
});

test.each([
  [["socklab-no-such-program"], /^Install socklab-no-such-program, or choose another program/],
  [["/nowhere/server"], /^Choose another program: there is no file \/nowhere\/server$/],
])("a program that is not there is refused: %s", async (command, message) => {
  await expect(testbed.startServer({ command })).rejects.toThrow(message);
});

test("a working folder that is not there is refused", async () => {
  await expect(testbed.startServer({ ...sh(":"), cwd: "/nowhere" })).rejects.toThrow(
    /there is no folder \/nowhere$/,
  );
});

test("a client host that the testbed lacks is refused", async () => {
  await expect(testbed.startClient({ ...sh(":"), host: 2 })).rejects.toThrow(RangeError);
});

test("awaitListening() lets others ask the link meanwhile, and ends with its signal", async () => {
  const stop = new AbortController();
  const waiting = testbed.awaitListening({
    proto: "tcp",
    port: 9,
    timeoutMs: 60_000,
    signal: stop.signal,
  });
  expect((await testbed.show()).running).toBe(false);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test.each(["server", "client", "link"] as const)(
  "shellCommand() opens a shell at the %s",
  async (where) => {
    const [command, ...args] = testbed.shellCommand(where);
    const shell = new Deno.Command(command!, { args, stdin: "piped", stdout: "piped" }).spawn();
    const input = shell.stdin.getWriter();
    await input.write(new TextEncoder().encode(
      "hostname -I; grep CapEff /proc/self/status; ping -c 1 -W 5 server >/dev/null && echo pong\n",
    ));
    await input.close();
    const lines = new TextDecoder().decode((await shell.output()).stdout).split("\n");
    const [addresses, capabilities, pong] = lines;
    expect(addresses!.trim()).toContain(where === "client" ? "10.77.0.3" : "10.77.0.2");
    const none = /^CapEff:\s0+$/.test(capabilities!);
    expect(none).toBe(where !== "link");
    if (where !== "link") expect(pong).toBe("pong");
  },
);

function readStat(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/stat`);
  } catch {
    return "";
  }
}

test("memory() counts what a program and its children hold, and is null once it has ended", async () => {
  const hold = (name: string) => `${name}=$(head -c 20000000 /dev/zero | tr '\\0' x)`;
  const program = await testbed.startServer(
    sh(`( ${hold("y")}; sleep 60; : ) & ${hold("x")}; sleep 60; :`),
  );
  await eventually(async () => (await program.memory() ?? 0) > 40_000_000);
  expect(await program.memory()).toBeLessThan(120_000_000);
  await program[Symbol.asyncDispose]();
  expect(await program.memory()).toBeNull();
});

test("processes() counts a program and its children, zombies too, and is null once it has ended", async () => {
  const program = await testbed.startServer(sh("sleep 60 & sleep 0 & exec sleep 60"));
  await eventually(async () => {
    const count = await program.processes();
    return count?.alive === 2 && count.zombies === 1;
  });
  await program[Symbol.asyncDispose]();
  expect(await program.processes()).toBeNull();
});

test("writes names folders that are made, and that the program may write", async () => {
  const folder = `${Deno.makeTempDirSync()}/a/b`;
  try {
    const script = sh('echo 1 >"$0/one"');
    const program = await testbed.startServer({
      command: [...script.command, folder],
      writes: [folder],
    });
    expect((await program.exited).code).toBe(0);
    expect(Deno.readTextFileSync(`${folder}/one`)).toBe("1\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

test("writes that cannot be made are named", async () => {
  const program = { ...sh("exit 0"), writes: ["/proc/none/logs"] };
  await expect(testbed.startServer(program)).rejects.toThrow(
    /^Make \/proc\/none\/logs writable, where the program keeps its files: /,
  );
});
