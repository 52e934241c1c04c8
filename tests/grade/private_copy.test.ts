/** Submissions of any kind, judged as they run from a private copy on this machine: where trusted programs run. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadChecks } from "../../scripts/check_lab.ts";
import { importsOf } from "../../scripts/paths.ts";
import { runChecks, Sessions } from "../../src/grade/mod.ts";
import { handedIn, privateCopy, takeSnapshot } from "../../src/grade/submission/mod.ts";
import { removeAll } from "../../src/engine/mod.ts";
import { findLab } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { lacking } from "../foreign/tools.ts";

const why = cannotRun || lacking("python3");
const patience = 60_000;
const SEED = 7n;
const lab = findLab(ROOT, "lab3");
const signal = new AbortController().signal;

const PYTHON = `
import socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", int(sys.argv[sys.argv.index("--port") + 1])))
while True:
    data, address = server.recvfrom(65535)
    server.sendto(data.upper(), address)
`;
const TYPESCRIPT = `
import { PORT } from "settings";
import { parseArgs } from "@std/cli/parse-args";
import words from "./words.json" with { type: "json" };
const hostname = words.everywhere;
const socket = Deno.listenDatagram({ transport: "udp", hostname, port: parseArgs(Deno.args).port ?? PORT });
for await (const [bytes, from] of socket) {
  await socket.send(bytes.map((byte) => byte > 96 && byte < 123 ? byte - 32 : byte), from);
}`;

describe.skipIf(why !== "")(`where labs run ${why}`, () => {
  const sessions = new Sessions({ lab, engine: "local", seed: SEED, signal });
  afterAll(() => sessions[Symbol.asyncDispose](), patience);
  let folder = "";
  beforeEach(() => folder = Deno.makeTempDirSync({ prefix: "socklab-handed-" }));
  afterEach(() => removeAll(folder));

  /** Runs a check of the server against files; a name with `*` at its end may be run. */
  async function verdict(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      const path = `${folder}/${name.replace(/\*$/, "")}`;
      Deno.writeTextFileSync(path, text);
      if (name.endsWith("*")) Deno.chmodSync(path, 0o755);
    }
    const snapshot = takeSnapshot(folder);
    const { at } = handedIn(snapshot, { lab, name: "anna" });
    using copy = privateCopy(snapshot);
    // From here on it does not matter what becomes of what was handed in.
    for (const { name } of Deno.readDirSync(folder)) removeAll(`${folder}/${name}`);
    const tools = { deno: Deno.execPath(), imports: importsOf(ROOT) };
    const { checks } = await runChecks({
      lab,
      checks: (await loadChecks(lab)).filter(({ id }) => id === "uppercase"),
      submission: at({ ...tools, folder: copy.folder }),
      engine: "local",
      testbeds: [sessions],
      seed: SEED,
      version: "0",
      signal,
    });
    return checks.map(({ verdict, message }) => ({ verdict, message }));
  }

  test.each<[string, Record<string, string>]>([
    ["in Python", { "server.py": PYTHON }],
    ["with a command", {
      "my server.py": PYTHON,
      "submission.json": '{ "server": ["python3", "my server.py"] }',
    }],
    ["with a command of its own", {
      "serve*": `#!/usr/bin/env python3\n${PYTHON}`,
      "submission.json": '{ "server": ["./serve"] }',
    }],
    ["that may be run itself", { "server*": `#!/usr/bin/env python3\n${PYTHON}` }],
    ["with a deno.json, and files beside it", {
      "server.ts": TYPESCRIPT,
      "settings.ts": "export const PORT = 12000;",
      "words.json": '{ "everywhere": "0.0.0.0" }',
      "deno.json": JSON.stringify({
        imports: { "settings": "./settings.ts", ...importsTo("@std/cli/parse-args") },
      }),
    }],
  ])("a right server %s passes", async (_, files) => {
    expect(await verdict(files)).toEqual([{ verdict: "pass", message: null }]);
  }, patience);

  test("a program cannot write into what was handed in", async () => {
    const server = `Deno.writeTextFileSync("x", "");`;
    const command = [Deno.execPath(), "run", "-A", "server.ts"];
    const [result] = await verdict({ "server.ts": server, ...json({ server: command }) });
    expect(result!.message).toMatch(/PermissionDenied/);
  }, patience);
});

function json(value: unknown) {
  return { "submission.json": JSON.stringify(value) };
}

/** What our import map has for a name, as from anywhere. */
function importsTo(name: string): Record<string, string> {
  const map = importsOf(ROOT);
  const { imports } = JSON.parse(Deno.readTextFileSync(map));
  return { [name]: new URL(imports[name], `file://${map}`).href };
}
