import { describe, expect, test } from "vitest";
import { lackOfMemory, parseMemoryKills } from "./memory_kills.ts";

describe("parseMemoryKills()", () => {
  test("reads either version of control groups", () => {
    expect(parseMemoryKills("low 0\nhigh 0\nmax 812\noom 3\noom_kill 2\noom_group_kill 0\n")).toBe(
      2,
    );
    expect(parseMemoryKills("oom_kill_disable 0\nunder_oom 0\noom_kill 5\n")).toBe(5);
  });

  test("is 0 of a kernel that does not count", () => {
    expect(parseMemoryKills("oom_kill_disable 0\nunder_oom 0\n")).toBe(0);
  });
});

test("lackOfMemory() names the limit", () => {
  expect(lackOfMemory(1 << 30)).toBe("it took more than its 1024 MB of memory");
});
