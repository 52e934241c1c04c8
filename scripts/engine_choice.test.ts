import { afterEach, expect, test } from "vitest";
import { checkUp, chooseEngine } from "./engine_choice.ts";
import { UsageError } from "./verb.ts";

const before = Deno.env.get("LAB_ENGINE");
afterEach(() => {
  if (before === undefined) Deno.env.delete("LAB_ENGINE");
  else Deno.env.set("LAB_ENGINE", before);
});

const anywhere = { command: ["deno"], container: { command: ["deno"], reads: [] } };
const native = { command: ["/home/me/server"] };
const up = (engine: "docker" | "local") => ({
  path: "/s",
  record: {
    v: 1 as const,
    lab: "lab3",
    engine,
    kind: "up" as const,
    since: "",
    owner: { pid: 1, start: "1" },
    clients: 1,
  },
});

test.each(
  [
    ["", undefined, "auto"],
    ["local", undefined, "local"],
    ["docker", undefined, "docker"],
    ["docker", "local", "local"],
    ["quux", "auto", "auto"],
  ] as const,
)("LAB_ENGINE='%s' and --engine %s: %s", (text, engine, chosen) => {
  Deno.env.set("LAB_ENGINE", text);
  expect(chooseEngine({ engine, driver: "auto" }, [anywhere])).toBe(chosen);
});

test("chooseEngine() refuses a LAB_ENGINE that is none, and names those there are", () => {
  Deno.env.set("LAB_ENGINE", "quux");
  expect(() => chooseEngine({ driver: "auto" }, [])).toThrow(UsageError);
  expect(() => chooseEngine({ driver: "auto" }, [])).toThrow("auto, docker or local, not 'quux'");
});

test("chooseEngine() refuses docker for what containers cannot run; auto settles that itself", () => {
  const choose = (engine: "docker" | "auto") => () =>
    chooseEngine({ engine, driver: "auto" }, [anywhere, native]);
  expect(choose("docker")).toThrow("nothing to run /home/me/server with");
  expect(choose("auto")()).toBe("auto");
});

test("checkUp() holds a run to the engine of the lab that is up", () => {
  const check =
    (engine: "docker" | "local" | undefined, on: "docker" | "local", program = anywhere) => () =>
      checkUp({ engine, driver: "auto" }, up(on), [program]);
  check(undefined, "docker")();
  check("docker", "docker")();
  expect(check("docker", "local")).toThrow("lab3 is up on the local engine");
  expect(check(undefined, "docker", native as typeof anywhere)).toThrow(
    "End it with ./lab down lab3, then use --engine local, or give",
  );
});
