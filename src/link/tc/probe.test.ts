import { expect, test } from "vitest";
import { tool } from "../machine.ts";
import { batch, BatchError, plainWords } from "./batch.ts";
import { probeTc, reasonOf } from "./probe.ts";

test.each([
  [
    "qdisc add dev x root handle 9: netem delay 0.1us",
    "Specified qdisc kind is unknown",
    "this kernel has no netem",
  ],
  ["link add x type ifb", "Unknown device type", "this kernel has no ifb"],
  ["link add x type ifb", "Operation not supported", "this kernel has no ifb"],
  ["link add x type ifb", "Operation not permitted", "the link lacks the capability NET_ADMIN"],
  [
    "filter add dev x ingress protocol all pref 1 bpf bytecode",
    "TC classifier not found",
    "this kernel has no bpf",
  ],
  [
    "filter add dev x parent 10: matchall action skbedit priority 10:1",
    "Failed to load TC action module",
    "this kernel has no skbedit",
  ],
  [
    "filter add dev x parent 10: pref 3 matchall action mirred egress",
    "Failed to load TC action module",
    "this kernel has no mirred",
  ],
  [
    "qdisc add dev x root handle 1: tbf rate 100tbit",
    'Illegal "rate"',
    'tc refuses tbf: Illegal "rate"',
  ],
])("reasonOf() a refused %j (%s) is %j", (line, words, reason) => {
  expect(reasonOf(new BatchError("tc", line, words, null))).toBe(reason);
});

test("reasonOf() a missing tool names its package", async () => {
  const missing = await tool("socklab-has-no-such-tool", []).catch((error) => error);
  expect(reasonOf(missing)).toBe("tc is not installed (iproute2)");
});

test.each([
  [
    "tc -batch -: Error: Specified qdisc kind is unknown.\nCommand failed -:1",
    "Specified qdisc kind is unknown",
  ],
  [
    "tc -batch -: RTNETLINK answers: File exists\nWe have an error talking to the kernel\nCommand failed -:7",
    "File exists",
  ],
  [
    'tc -batch -: What is "seed"?\nUsage: ... netem [ limit PACKETS ]\nCommand failed -:3',
    'What is "seed"?',
  ],
])("plainWords(%j) is %j", (complaint, words) => {
  expect(plainWords(complaint)).toBe(words);
});

test("batch() names the line that was refused", async ({ skip }) => {
  const refused = await batch("tc", ["qdisc show", "qdisc nonsense", "qdisc show"]).catch((e) => e);
  if (refused.cause instanceof Deno.errors.NotFound) skip("tc is not installed");
  expect(refused).toBeInstanceOf(BatchError);
  expect(refused.line).toBe("qdisc nonsense");
  expect(refused.message).not.toContain("\n");
});

test("probeTc() tells whether it works here and if not why, and leaves nothing", async ({ skip }) => {
  const devices = () => [...Deno.readDirSync("/sys/class/net")].map(({ name }) => name).sort();
  const before = devices();
  const facts = await probeTc();
  expect(devices().filter((name) => name.startsWith("try"))).toEqual([]);
  if (facts.works) expect(facts.reason).toBe("");
  else expect(facts.reason).toMatch(/^[a-z][^\n]*[^.]$/);
  expect(facts.kernel).toBe(Deno.osRelease());
  if (before.length === 0) skip("there is no network");
});
