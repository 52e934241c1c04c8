import { expect, test } from "vitest";
import { findLab } from "../src/lab/mod.ts";
import { checkAmounts, clientMode } from "./client_mode.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const manifest = (name: string) => findLab(ROOT, name).manifest;

test("clientMode() sends by itself where the lab's client can, and reads where it is given lines", () => {
  expect(clientMode(manifest("lab3"), {})).toBe("pinger");
  expect(clientMode(manifest("lab3"), { client: "mine/client.py" })).toBe("pinger");
  expect(clientMode(manifest("lab3"), { input: "lines.txt" })).toBe("keyboard");
  expect(clientMode(manifest("lab1"), {})).toBe("keyboard");
});

test("clientMode() takes the swarm for lab6, unless another client is named", () => {
  expect(clientMode(manifest("lab6"), {})).toBe("swarm");
  expect(clientMode(manifest("lab6"), { client: "mine/swarm.py" })).toBe("swarm");
  expect(clientMode(manifest("lab6"), { client: "mine/client.ts" })).toBe("keyboard");
  expect(clientMode(manifest("lab6"), { input: "-" })).toBe("keyboard");
});

test("clientMode() takes a folder with a swarm for one", () => {
  const folder = Deno.makeTempDirSync();
  expect(clientMode(manifest("lab6"), { client: folder })).toBe("keyboard");
  Deno.writeTextFileSync(`${folder}/swarm.ts`, "");
  expect(clientMode(manifest("lab6"), { client: folder })).toBe("swarm");
  Deno.removeSync(folder, { recursive: true });
});

test("checkAmounts() refuses what a client that reads lines has no use for, and a swarm where there is none", () => {
  const check = (mode: "keyboard" | "pinger" | "swarm", values: Record<string, unknown>) => () =>
    checkAmounts(mode, { id: "lab1" }, values);
  expect(check("keyboard", { count: 3 })).toThrow(
    "Leave out --count: lab1's client sends the lines that it reads",
  );
  expect(check("keyboard", { input: "-", size: 3 })).toThrow(
    "Leave out --size, or --input: in keyboard mode the lines say what is sent",
  );
  expect(check("pinger", { swarm: 3 })).toThrow("Leave out --swarm: lab1 has none");
  expect(check("swarm", { swarm: 3, count: 1 })).not.toThrow();
  expect(check("pinger", { count: 1 })).not.toThrow();
});
