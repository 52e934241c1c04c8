import { describe, expect, test } from "vitest";
import { ARROWS, importProblems, importsOf } from "./import_rules.ts";

test("importsOf() sees every form of import, and none in comments or texts", () => {
  expect(importsOf(`/**
 * import { no } from "./comment.ts";
 */
import { a } from "./a.ts";
import type { B } from "./b.ts";
import {
  c,
  type D,
} from "./c.ts";
import d from "./d.json" with { type: "json" };
import * as e from "./e.ts";
import "./f.ts";
export { g } from "./g.ts";
export * from "./h.ts";
export type { I } from "./i.ts";
export const text = "from"; // import("./no.ts")
// await import("./no.ts")
const j = await import("./j.ts");
  const k = (await import("./k.ts")).k;
const l = \`
  import { no } from "./text.ts";\`;
`)).toEqual([
    { specifier: "./a.ts", line: 4 },
    { specifier: "./b.ts", line: 5 },
    { specifier: "./c.ts", line: 6 },
    { specifier: "./d.json", line: 10 },
    { specifier: "./e.ts", line: 11 },
    { specifier: "./f.ts", line: 12 },
    { specifier: "./g.ts", line: 13 },
    { specifier: "./h.ts", line: 14 },
    { specifier: "./i.ts", line: 15 },
    { specifier: "./j.ts", line: 18 },
    { specifier: "./k.ts", line: 19 },
  ]);
});

/** The messages about one import in one file. */
function faults(path: string, specifier: string): string[] {
  return importProblems(path, `import { x } from "${specifier}";\n`).map(({ message }) => message);
}

describe("importProblems() allows", () => {
  test.each([
    ["src/link/tun.ts", "../packet/mod.ts"],
    ["src/link/tun.ts", "./ring.ts"],
    ["src/link/tun.ts", "node:net"],
    ["src/run/summary.ts", "../view/mod.ts"],
    ["src/engine/local/start.ts", "../testbed.ts"],
    ["src/engine/docker/start.ts", "dockerode"],
    ["src/engine/docker/start.ts", "../../link/mod.ts"],
    ["src/netem/model.test.ts", "vitest"],
    ["src/netem/model.bench.ts", "fast-check"],
    ["scripts/run.ts", "../src/run/mod.ts"],
    ["tests/link.test.ts", "../src/link/mod.ts"],
    ["tests/link.test.ts", "../src/link/tc/mod.ts"],
    ["labs/lab3-udp-uppercase/checks.ts", "../../src/grade/mod.ts"],
    ["labs/lab3-udp-uppercase/solution/server.ts", "@std/cli/parse-args"],
    ["labs/lab3-udp-uppercase/solution/server.ts", "node:net"],
    ["labs/lab3-udp-uppercase/broken/late/server.ts", "./upper.ts"],
  ])("%s importing %s", (path, specifier) => expect(faults(path, specifier)).toEqual([]));
});

describe("importProblems() forbids", () => {
  test.each([
    ["src/netem/model.ts", "../packet/mod.ts", /no other room/],
    ["src/packet/ip.ts", "../netem/mod.ts", /no other room/],
    ["src/link/tun.ts", "../engine/mod.ts", /imports mux, netem, packet only/],
    ["src/lab/find.ts", "../engine/mod.ts", /imports netem only/],
    ["src/run/summary.ts", "../grade/mod.ts", /Do without src\/grade/],
    ["src/link/tun.ts", "../packet/ip.ts", /Import src\/packet\/mod\.ts, the room's door/],
    ["src/link/tun.test.ts", "../engine/mod.ts", /imports mux, netem, packet only/],
    ["src/new/thing.ts", "../netem/mod.ts", /Add the room new/],
    ["scripts/run.ts", "../src/run/summary.ts", /room's door/],
    ["tests/link.test.ts", "../src/link/tun.ts", /room's door/],
    ["tests/link.test.ts", "../src/link/tc/names.ts", /room's door/],
    ["scripts/run.ts", "../src/link/tc/mod.ts", /room's door/],
    ["src/engine/local/start.ts", "../../link/tc/mod.ts", /room's door/],
    ["src/lab/find.ts", "../../scripts/verb.ts", /src imports nothing outside itself/],
    ["src/lab/find.ts", "../../labs/lab3/server.ts", /src imports nothing outside itself/],
    ["src/link/tun.test.ts", "../../tests/help.ts", /src imports nothing outside itself/],
    ["src/engine/local/start.ts", "dockerode", /Keep dockerode to src\/engine\/docker/],
    ["scripts/up.ts", "docker-compose", /Keep docker-compose/],
    ["src/link/tun.ts", "vitest", /in tests only/],
    ["src/netem/model.ts", "node:crypto", /runs in a browser/],
    ["src/link/tun.ts", "npm:left-pad@1.0.0", /in deno\.json's imports/],
    ["labs/lab3-udp-uppercase/solution/server.ts", "../../../src/netem/mod.ts", /built-ins/],
    ["labs/lab3-udp-uppercase/starter/server.ts", "../solution/server.ts", /built-ins/],
    ["labs/lab3-udp-uppercase/broken/late/client.ts", "../early/client.ts", /built-ins/],
    ["labs/lab3-udp-uppercase/solution/server.ts", "npm:chalk", /built-ins/],
  ])("%s importing %s", (path, specifier, message) => {
    const found = faults(path, specifier);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test("Deno in rooms that run in a browser, but not in their tests or comments", () => {
    const text = "// Deno.args is not here\nexport const x = Deno.args;\n";
    expect(importProblems("src/view/ladder.ts", text)).toEqual([
      {
        path: "src/view/ladder.ts",
        line: 2,
        message: "Leave Deno out of src/view: it runs in a browser",
      },
    ]);
    expect(importProblems("src/view/ladder.test.ts", text)).toEqual([]);
    expect(importProblems("src/link/tun.ts", text)).toEqual([]);
  });
});

test("the arrows have no circle", () => {
  const reach = (room: string, seen: string[]): string[] =>
    (ARROWS[room] ?? []).flatMap((next) =>
      seen.includes(next) ? [next] : [next, ...reach(next, [...seen, next])]
    );
  for (const room of Object.keys(ARROWS)) expect(reach(room, [])).not.toContain(room);
});
