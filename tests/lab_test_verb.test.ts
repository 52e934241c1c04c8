/** `lab test` as CI sees it: closing line and status, over a small checkout whose tests are given. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyCode } from "./copy_code.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

let root: string;
beforeAll(() => {
  root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab test verb " }));
  for (const path of ["deno.json", "deno.lock", "vitest.config.mts"]) {
    Deno.copyFileSync(`${ROOT}/${path}`, `${root}/${path}`);
  }
  Deno.mkdirSync(`${root}/types`);
  Deno.copyFileSync(`${ROOT}/types/std.d.ts`, `${root}/types/std.d.ts`);
  Deno.symlinkSync(`${ROOT}/node_modules`, `${root}/node_modules`);
  copyCode(ROOT, root);
  Deno.mkdirSync(`${root}/src/room`, { recursive: true });
  for (const [name, text] of Object.entries(TESTS)) {
    Deno.writeTextFileSync(
      `${root}/src/room/${name}.test.ts`,
      `import { test } from "vitest";\n${text}`,
    );
  }
});
afterAll(() => Deno.removeSync(root, { recursive: true }));

const TESTS = {
  good: 'test("good", () => {});\ntest("better", () => {});\n',
  bad: 'test("bad", () => {\n  throw new Error("as it should");\n});\n',
  skipped: 'test("good", () => {});\ntest("left out", ({ skip }) => skip("no tmux"));\n',
  slow: 'test("slow", () => new Promise(() => {}), 60_000);\n',
  unloadable: 'throw new Error("cannot be loaded");\n',
  unhandled: 'test("good", () => {\n  Promise.reject(new Error("nobody waits"));\n});\n',
};

function startLabTest(filters: string[], env: Record<string, string> = {}) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--node-modules-dir=manual", "--config", `${root}/deno.json`],
      ...[`${root}/scripts/lab.ts`, "test", ...filters],
    ],
    cwd: "/",
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { CI: "", NO_COLOR: "1", VITEST: "", ...env },
  }).spawn();
}

async function labTest(filters: string[], env: Record<string, string> = {}) {
  const { code, stdout } = await startLabTest(filters, env).output();
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  return { status: code, last: lines.at(-1), text: lines.join("\n") };
}

describe("lab test ends with one line that counts, and the status that follows from it", () => {
  test.each([
    [["src/room/good"], "2 passed, 0 failed", 0],
    [["src/room/good", "src/room/bad"], "2 passed, 1 failed", 1],
    [["src/room/unloadable"], "0 passed, 1 failed", 1],
    [["src/room/unhandled"], "1 passed, 1 failed", 1],
    [["src/room/nothing"], "0 passed, 1 failed", 1],
  ])("%j", async (filters, last, status) => {
    expect(await labTest(filters)).toMatchObject({ last, status });
  });

  test("a skipped test is named; only on CI is it a failure", async () => {
    const here = await labTest(["src/room/skipped"]);
    expect(here).toMatchObject({ last: "1 passed, 0 failed, 1 skipped", status: 0 });
    expect(here.text).toContain("Skipped:\n  left out\n");
    const ci = await labTest(["src/room/skipped"], { CI: "true" });
    expect(ci).toMatchObject({ last: "1 passed, 0 failed, 1 skipped", status: 1 });
    expect(ci.text).toContain("Nothing may be skipped on CI:\n  left out\n");
  });

  test("a runner that cannot start is a failure with its line", async () => {
    // A package that the lock file does not know.
    const config = Deno.readTextFileSync(`${root}/deno.json`);
    const changed = config.replace('"imports": {', '"imports": { "more": "npm:fast-check@3.0.0",');
    Deno.writeTextFileSync(`${root}/deno.json`, changed);
    try {
      const { status, last } = await labTest(["src/room/good"]);
      expect({ status, last }).toEqual({ status: 1, last: "0 passed, 1 failed" });
    } finally {
      Deno.writeTextFileSync(`${root}/deno.json`, config);
    }
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends the tests, then itself", async (signal) => {
    const child = startLabTest(["src/room/slow"]);
    // Vitest complains there, of Deno.
    void child.stderr.pipeTo(new WritableStream());
    let out = "", sent = false;
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      out += text;
      if (sent || !out.includes(" RUN ")) continue;
      sent = true;
      child.kill(signal);
    }
    expect(await child.status).toMatchObject({ code: 130, signal: null });
    // Nothing has been counted.
    expect(out).not.toContain("passed");
  });
});
