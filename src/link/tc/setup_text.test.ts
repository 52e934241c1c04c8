import { expect, test } from "vitest";
import { queueDevices, tapDevices } from "./names.ts";
import { clearLines, deviceLines, switchLines, upLines } from "./setup_text.ts";

const on = { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1500 };

/** Which chain a direction's packets take while these filters stand: the first one's. */
class Filters {
  readonly #at = new Map<string, string>();

  constructor(way: "up" | "down", chain: 0 | 1) {
    this.#at.set(`${chain + 1}`, queueDevices[way][chain]);
  }

  /** Does what tc would; a filter that stands cannot be added, one that does not cannot be deleted. */
  obey(line: string): boolean {
    const pref = / pref (\d)/.exec(line)![1]!;
    if (line.startsWith("filter del")) return this.#at.delete(pref);
    if (this.#at.has(pref)) return false;
    this.#at.set(pref, line.split(" ").at(-1)!);
    return true;
  }

  get all(): string[] {
    return [...this.#at].sort().map(([, device]) => device);
  }
}

test.each([["up", 0], ["up", 1], ["down", 0], ["down", 1]] as const)(
  "switchLines() moves %s to chain %i by one line, and no packet is without a chain",
  (way, to) => {
    const from = to === 0 ? 1 : 0;
    const filters = new Filters(way, from);
    const { before, at, undo } = switchLines(on, way, to);
    for (const line of before) {
      expect(filters.obey(line)).toBe(true);
      expect(filters.all[0]).toBe(queueDevices[way][from]);
    }
    for (const line of at) {
      expect(filters.obey(line)).toBe(true);
      expect(filters.all[0]).toBe(queueDevices[way][to]);
    }
    expect(filters.all).toEqual([queueDevices[way][to]]);
    for (const line of undo) filters.obey(line);
    expect(filters.all).toEqual([queueDevices[way][from]]);
  },
);

test.each([0, 1] as const)("switchLines() to chain %i is undone wherever it stopped", (to) => {
  const from = to === 0 ? 1 : 0;
  const { before, at, undo } = switchLines(on, "up", to);
  const lines = [...before, ...at];
  for (let done = 0; done <= lines.length; done++) {
    const filters = new Filters("up", from);
    lines.slice(0, done).forEach((line) => filters.obey(line));
    undo.forEach((line) => filters.obey(line));
    expect(filters.all).toEqual([queueDevices.up[from]]);
  }
});

test("clearLines() takes away what deviceLines() makes, in names that Linux takes", () => {
  const names = upLines().map((line) => line.split(" ")[2]!);
  expect(names.sort()).toEqual([...queueDevices.up, ...queueDevices.down, ...tapDevices].sort());
  expect(names.every((name) => name.length < 16)).toBe(true);
  const made = deviceLines().map((line) => line.split(" ")[2]!);
  expect(clearLines(on).ip.map((line) => line.split(" ")[2]!).sort()).toEqual(made.sort());
});
