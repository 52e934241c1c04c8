import { describe, expect, test } from "vitest";
import { parseEngineProcess, parseUsage } from "./engine_time.ts";

describe("parseUsage()", () => {
  test("reads cpu.stat of version 2, in microseconds", () => {
    expect(parseUsage("usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n")).toBe(2.5);
  });

  test("reads cpuacct.usage of version 1, in nanoseconds", () => {
    expect(parseUsage("2500000000\n")).toBe(2.5);
  });
});

describe("parseEngineProcess()", () => {
  const stat = (command: string) =>
    `77 (${command}) S 1 77 77 0 -1 4194560 9 0 0 0 150 50 30 20 20 0 12 0 4711 8 9\n`;

  test("adds up its own time and that of children that it has waited for", () => {
    expect(parseEngineProcess(stat("dockerd"))).toEqual(["77 since 4711", 2.5]);
  });

  test("counts no container once more with the process that has waited for it", () => {
    expect(parseEngineProcess(stat("containerd-shim"))).toEqual(["77 since 4711", 2]);
  });

  test("leaves out every other process, and one that has gone", () => {
    expect(parseEngineProcess(stat("deno"))).toBeNull();
    expect(parseEngineProcess(stat("x) (dockerd"))).toBeNull();
    expect(parseEngineProcess("")).toBeNull();
  });
});
