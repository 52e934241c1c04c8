import Ajv from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import schema from "./lab.schema.json" with { type: "json" };
import { faultOf } from "./schema.ts";

const valid = new Ajv.default({ allErrors: false }).compile(schema);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A manifest that is right, as a fresh value. */
function manifest(): Json {
  const range = () => ({ min: 0, max: 9 });
  return {
    id: "lab1",
    title: "T",
    teaches: "T",
    transport: "udp",
    port: 7,
    programs: { server: "s.ts", client: "c.ts" },
    variants: {
      other: {
        transport: "tcp",
        programs: { server: "s.ts", client: "c.ts", swarm: "w.ts" },
        arguments: { keyboard: ["{timeout}"] },
      },
    },
    compare: ["s", "other"],
    lines: ["a", ""],
    answer: "upper",
    arguments: { server: ["{port}", "{logs}"], keyboard: [], pinger: ["{count}"], swarm: [] },
    permits: { "s.ts": ["run", "ffi"] },
    resources: { memory_mb: 100, pids: 100 },
    shows: ["states"],
    defaults: {
      count: 1,
      interval_ms: 0,
      size_bytes: 0,
      swarm: 1,
      timeout_ms: 1,
      up: "",
      down: "",
    },
    limits: { count: range(), interval_ms: range(), size_bytes: range(), swarm: range() },
  };
}

/** Every place in a value, as the list of keys that lead there. */
function places(value: Json, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
}

/** The value with one place set, removed (undefined), or, by a new last key, added. */
function changed(value: Json, [key, ...rest]: string[], to: Json | undefined): Json | undefined {
  if (key === undefined) return to;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== key);
  const old = (value as { [key: string]: Json })[key] ?? null;
  const item = changed(old, rest, to);
  if (item !== undefined) entries.push([key, item]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

test("faultOf() finds nothing in a manifest that is right", () => {
  expect(faultOf(manifest(), schema)).toBeNull();
});

test("faultOf() refuses just what a complete JSON schema validator refuses", () => {
  const place = fc.constantFrom(...places(manifest()));
  const key = fc.option(fc.constantFrom("min", "other", "x", "X y", "$schema"), { nil: undefined });
  const to = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom("lab2", "server.ts", "{host}", "{x}", "tcp", "upper", "é".repeat(60)),
    fc.integer({ min: -2, max: 70_000 }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(place, key, to, (path, added, value) => {
      const whole = added === undefined ? path : [...path, added];
      const result = changed(manifest(), whole, value as Json | undefined) ?? null;
      expect([faultOf(result, schema) === null, result]).toEqual([valid(result), result]);
    }),
    { seed: 3, numRuns: 3_000 },
  );
});

test("faultOf() says in one line where and what", () => {
  const port = { type: "integer", minimum: 1, description: "the port" };
  const rule = { type: "object", required: ["port"], properties: { port } };
  expect(faultOf({}, rule)).toBe("add port: the port");
  expect(faultOf({ port: 0 }, rule)).toBe(
    "write port as a whole number from 1 on (the port), not 0",
  );
  expect(faultOf(7, rule)).toBe("write the manifest as an object, not 7");
});
