import { afterEach, beforeEach, expect, test } from "vitest";
import { TestEngine } from "./test_engine.ts";

let folder: string;
beforeEach(() => void (folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "engine " }))));
afterEach(() => Deno.removeSync(folder, { recursive: true }));

/** An engine that tells by files when it is up and when it was asked to end. */
const STAND_IN = [
  "sh",
  "-c",
  `trap 'echo asked to end; rm "$0/up"; exit 0' TERM
echo starting; echo $$ >"$0/pid"; touch "$0/up"
while :; do sleep 0.02; done`,
];

const start = (command = [...STAND_IN, folder]) =>
  TestEngine.start({
    log: `${folder}/out/engine.log`,
    command,
    before: `test -e '${folder}/up' && echo before >>'${folder}/out/engine.log'`,
    answers: () => Promise.resolve(exists(`${folder}/up`)),
  });

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const log = () => Deno.readTextFileSync(`${folder}/out/engine.log`);
const runs = () => exists(`/proc/${Deno.readTextFileSync(`${folder}/pid`).trim()}/status`);

test("TestEngine starts an engine, waits until it answers, and asks it to end", async () => {
  {
    await using _engine = await start();
    expect(log()).toBe("starting\n");
    expect(runs()).toBe(true);
  }
  expect(log()).toBe("starting\nbefore\nasked to end\n");
  expect(runs()).toBe(false);
});

test("TestEngine.start() says why an engine ended, and where to read more", async () => {
  const failing = start(["sh", "-c", "echo preparing; echo no cgroups >&2; exit 1"]);
  await expect(failing).rejects.toThrow(
    `See ${folder}/out/engine.log: the Docker engine ended: no cgroups`,
  );
  const missing = start(["no-such-engine"]);
  await expect(missing).rejects.toThrow(/the Docker engine ended: .*not found/);
});

test("TestEngine.start() leaves nothing where it is interrupted", async () => {
  const silent = `trap '' HUP; echo $$ >"$0/pid"; exec sleep 100`;
  const controller = new AbortController();
  const starting = TestEngine.start({
    log: `${folder}/log`,
    command: ["sh", "-c", silent, folder],
    signal: controller.signal,
    answers() {
      if (exists(`${folder}/pid`) && runs()) controller.abort();
      return Promise.resolve(false);
    },
  });
  await expect(starting).rejects.toThrow(/abort/i);
  expect(runs()).toBe(false);
});

test("an engine ends with a tool that is killed", async () => {
  const module = new URL("./test_engine.ts", import.meta.url).href;
  const tool = new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--no-config", "--ext=ts"],
      `import { TestEngine } from ${JSON.stringify(module)};
      await TestEngine.start({
        log: ${JSON.stringify(`${folder}/out/engine.log`)},
        command: ${JSON.stringify([...STAND_IN, folder])},
        answers: () => Deno.stat(${JSON.stringify(`${folder}/up`)}).then(() => true, () => false),
      });
      console.log("up");
      await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = tool.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("up\n");
  tool.kill("SIGKILL");
  await tool.status;
  await reader.cancel();
  await expect.poll(() => runs(), { timeout: 10_000 }).toBe(false);
  expect(log()).toBe("starting\nasked to end\n");
});
