import { expect, test } from "vitest";
import { LabError } from "./error.ts";
import { parseManifest } from "./manifest.ts";

/** A manifest that is right, as text in which each test breaks one thing. */
const RIGHT = `{
  "id": "lab3", "title": "UDP uppercase", "teaches": "Loss", "transport": "udp", "port": 12000,
  "programs": { "server": "server.ts", "client": "client.ts" },
  "variants": { "a": { "transport": "tcp", "programs": { "server": "a.ts", "client": "b.ts" } } },
  "compare": ["server", "a"], "lines": ["hello"], "permits": { "a.ts": ["run"] }, "shows": ["logs"],
  "answer": "upper",
  "arguments": { "server": ["--port", "{port}"], "keyboard": ["{host}:{port}"] },
  "defaults": { "count": 20, "interval_ms": 100, "size_bytes": 32, "timeout_ms": 1000,
    "up": "loss 20%", "down": "" },
  "limits": { "count": { "min": 1, "max": 100 }, "interval_ms": { "min": 0, "max": 1000 },
    "size_bytes": { "min": 8, "max": 65507 } }
}`;

function faultWith(from: string, to: string): string {
  expect(RIGHT).toContain(from);
  try {
    parseManifest(RIGHT.replace(from, to), "labs/lab3-x/lab.json");
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return (error as LabError).message;
  }
  return "";
}

test("parseManifest() returns what the file says", () => {
  expect(parseManifest(RIGHT, "lab.json")).toEqual(JSON.parse(RIGHT));
});

test.each([
  ['"port": 12000', '"port": 70000', "write port as a whole number from 1 to 65535"],
  ['"port": 12000', '"port": "12000"', 'not "12000"'],
  ['"port": 12000', '"port": 1.5', "not 1.5"],
  ['"udp"', '"icmp"', 'write transport as "udp" or "tcp", not "icmp"'],
  ['"port": 12000', '"prot": 12000', "remove prot, or write it as port"],
  ['"teaches": "Loss",', "", "add teaches: what a student learns"],
  ['"Loss"', '""', "write teaches as a string"],
  ['"lab3"', '"3"', "write id as a string"],
  ['"client.ts"', '"../client.ts"', "write programs.client as a string"],
  ['"--port"', "7", "write arguments.server[0] as a string"],
  ["{host}", "{hots}", "write arguments.keyboard[0] as a string"],
  ['"upper"', '"lower"', 'write answer as "upper" or "same" or "stamped" or "date", not "lower"'],
  ['"a": {', '"T C P": {', "rename variants.T C P: lower-case letters, digits and underscores"],
  ['"a": {', '"c": {', "rename variants.c: the stem of one of its files, such as a"],
  ['"a": {', '"server": {', "rename variants.server: that is the name of the lab's own pair"],
  ['"server", "a"]', '"server", "b"]', "write compare[1] as one of server, a, not b"],
  ['["hello"]', '["a\\nb"]', "write lines[0] as a string (one line without its end)"],
  ['["run"]', '["net"]', 'write permits.a.ts[0] as "run" or "ffi", not "net"'],
  ['["logs"]', '["graphs"]', 'write shows[0] as "handshake" or "states" or "logs"'],
  ['"a.ts", "client"', 'null, "client"', "write variants.a.programs.server as a string"],
  ['"count": 20,', "", "add defaults.count: limits.count is there"],
  ['"count": { "min": 1, "max": 100 },', "", "add limits.count: defaults.count needs its range"],
  ['"count": 20', '"count": 200', "write defaults.count as 1 to 100 (its limits), not 200"],
  ['"max": 100 ', '"max": 0 ', "write limits.count.max as 1 or more, not 0"],
  ['{ "min": 8, "max": 65507 }', "[]", "write limits.size_bytes as an object"],
])("parseManifest() says what to write where %s became %s", (from, to, advice) => {
  const message = faultWith(from, to);
  expect(message).toContain(`labs/lab3-x/lab.json: `);
  expect(message).toContain(advice);
  expect(message).not.toContain("\n");
});

test.each(["", "{", "[]", "null", "7"])("parseManifest() refuses the text '%s'", (text) => {
  expect(() => parseManifest(text, "lab.json")).toThrow(/^lab\.json: write /);
});

test("parseManifest() keeps a fault's message short, however long the value", () => {
  expect(faultWith('"Loss"', JSON.stringify("x".repeat(5_000))).length).toBeLessThan(300);
});
