import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSource, ProgramWatch } from "./run_watch.ts";

let folder: string;
let program: string;
const { signal } = new AbortController();
const save = (path = program) => Deno.writeTextFileSync(path, "console.log(1)\n");

beforeEach(() => {
  folder = Deno.makeTempDirSync({ prefix: "socklab-watch-" });
  program = `${folder}/server.ts`;
  save();
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

describe("ProgramWatch", () => {
  test("next() tells of what was saved before anybody waited, once", async () => {
    using watch = new ProgramWatch([program], `${folder}/out`);
    save();
    await watch.next(signal);
    const again = watch.next(signal).then(() => "again");
    expect(await Promise.race([again, Promise.resolve("waits")])).toBe("waits");
    Deno.renameSync(program, `${folder}/client.ts`);
    expect(await again).toBe("again");
  });

  test("next() ends at the signal, also one that came before", async () => {
    using watch = new ProgramWatch([program], `${folder}/out`);
    const stop = new AbortController();
    const waiting = watch.next(stop.signal);
    stop.abort();
    await waiting;
    await watch.next(stop.signal);
  });
});

test("isSource() leaves out what runs write and what editors keep", () => {
  const own = (name: string) => isSource(`/home/me/lab3/${name}`, "/home/me/lab3/out");
  expect(["server.ts", "lib/frame.ts", "output.ts"].filter(own)).toHaveLength(3);
  expect(["out", "out/lab3/latest", ".server.ts.swp", "server.ts~"].filter(own)).toEqual([]);
});
