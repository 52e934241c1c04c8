import { afterEach, beforeEach, expect, test } from "vitest";
import { MachineError } from "./machine_error.ts";
import { startTime } from "./process.ts";
import {
  createState,
  existingBases,
  listStates,
  removeState,
  stateBases,
  stateError,
  sweepStates,
  writeRecord,
} from "./state.ts";
import { eventually, Stage } from "./local/trials/stage.ts";

let stage: Stage;
beforeEach(() => void (stage = new Stage()));
afterEach(async () => await stage[Symbol.asyncDispose]());

const about = (lab: string, since = "2026-11-21T08:00:00.000Z") =>
  ({ lab, engine: "local", kind: "up", since, clients: 1 }) as const;
const base = () => `${stage.folder}/socklab-${Deno.uid()}`;
/** Those of this test: the user may have others up. */
const listed = () => listStates().filter(({ path }) => path.startsWith(stage.folder));

test("stateBases() takes the session's folder first, and knows the other places", () => {
  expect(stateBases(1000, "/home/ann/run/")).toEqual([
    "/home/ann/run/socklab-1000",
    "/run/user/1000/socklab-1000",
    "/tmp/socklab-1000",
  ]);
  expect(stateBases(7, undefined)).toEqual(["/run/user/7/socklab-7", "/tmp/socklab-7"]);
  expect(stateBases(7, "/tmp")).toEqual(["/tmp/socklab-7", "/run/user/7/socklab-7"]);
});

test("stateBases() ignores a relative XDG_RUNTIME_DIR, as its specification demands", () => {
  expect(stateBases(7, "run")).toEqual(["/run/user/7/socklab-7", "/tmp/socklab-7"]);
});

test("createState() makes a folder that only its user can enter", () => {
  const { path } = createState(about("lab3"));
  expect(Deno.statSync(path).mode! & 0o777).toBe(0o700);
  expect(Deno.statSync(base()).mode! & 0o777).toBe(0o700);
  expect(existingBases()).toContain(base());
});

test("createState() does without an XDG_RUNTIME_DIR that is not there", () => {
  Deno.env.set("XDG_RUNTIME_DIR", `${stage.folder}/gone`);
  const { path } = createState(about("lab3"));
  removeState(path);
  expect(path).toMatch(new RegExp(`/socklab-${Deno.uid()}/${Deno.pid}-[0-9a-f]{8}$`));
  expect(path.startsWith(stage.folder)).toBe(false);
});

test("createState() asks for the folder that LAB_RUNTIME_DIR names, where it is not there", () => {
  const before = Deno.env.get("LAB_RUNTIME_DIR");
  Deno.env.set("LAB_RUNTIME_DIR", `${stage.folder}/gone`);
  try {
    expect(() => createState(about("lab3"))).toThrow(
      `Make the folder ${stage.folder}/gone, or unset LAB_RUNTIME_DIR: there is no such folder`,
    );
  } finally {
    if (before === undefined) Deno.env.delete("LAB_RUNTIME_DIR");
    else Deno.env.set("LAB_RUNTIME_DIR", before);
  }
});

test("createState() follows no symbolic link", () => {
  Deno.mkdirSync(`${stage.folder}/elsewhere`, { mode: 0o700 });
  Deno.symlinkSync(`${stage.folder}/elsewhere`, base());
  expect(() => createState(about("lab3"))).toThrow(/^Remove .*it is no private folder of yours$/);
  expect([...Deno.readDirSync(`${stage.folder}/elsewhere`)]).toEqual([]);
});

test("createState() trusts no folder that others can write to", () => {
  Deno.mkdirSync(base());
  Deno.chmodSync(base(), 0o777);
  expect(() => createState(about("lab3"))).toThrow(MachineError);
});

test("createState() refuses a path too long for a socket, and leaves nothing", () => {
  const deep = `${stage.folder}/${"d".repeat(80)}`;
  Deno.mkdirSync(deep);
  Deno.env.set("XDG_RUNTIME_DIR", deep);
  expect(() => createState(about("lab3"))).toThrow(/^Set XDG_RUNTIME_DIR to a shorter path/);
  expect([...Deno.readDirSync(`${deep}/socklab-${Deno.uid()}`)]).toEqual([]);
});

test("stateError() says to make room on a full disk, to allow writing elsewhere", () => {
  const full = new Error("No space left on device (os error 28)");
  expect(stateError("/x", full).message).toBe(
    "Make room on the disk of /x: No space left on device (os error 28)",
  );
  expect(stateError("/x", new Error("Read-only file system (os error 30)")).message).toMatch(
    /^Make writable \/x: /,
  );
});

test("listStates() tells living testbeds, oldest first, with what was recorded later", () => {
  createState(about("younger", "2026-11-21T08:00:02.000Z"));
  const older = createState(about("older", "2026-11-21T08:00:01.000Z"));
  older.record.link = 42;
  writeRecord(older);
  expect(listed().map(({ record }) => [record.lab, record.link])).toEqual([
    ["older", 42],
    ["younger", undefined],
  ]);
});

test("sweepStates() removes what a dead owner left, and nothing of the living", () => {
  const alive = createState(about("alive"));
  const dead = createState(about("dead"));
  // The id is in use, but by a process that started at another time.
  dead.record.owner.start = "1";
  writeRecord(dead);
  expect(listed().map(({ record }) => record.lab)).toEqual(["alive"]);
  sweepStates();
  expect(stage.states()).toEqual([alive.path]);
});

test("sweepStates() leaves a folder without a record to its maker, but not for long", async () => {
  createState(about("alive"));
  const making = `${base()}/${Deno.pid}-00000000`;
  Deno.mkdirSync(making);
  sweepStates();
  expect(stage.states()).toContain(making);
  Deno.utimeSync(making, 0, 0);
  sweepStates();
  expect(stage.states()).not.toContain(making);
  const gone = new Deno.Command("true").spawn();
  await gone.status;
  const abandoned = `${base()}/${gone.pid}-00000000`;
  Deno.mkdirSync(abandoned);
  sweepStates();
  expect(stage.states()).not.toContain(abandoned);
});

test.each(["", "null", "[]", '{"v":1}', '{"v":2,"owner":{"pid":1,"start":"1"}}'])(
  "listStates() and sweepStates() pass over a record that reads %j",
  (text) => {
    createState(about("alive"));
    const odd = `${base()}/${Deno.pid}-00000000`;
    Deno.mkdirSync(odd);
    Deno.writeTextFileSync(`${odd}/run.json`, text);
    expect(listed().map(({ record }) => record.lab)).toEqual(["alive"]);
    sweepStates();
    expect(stage.states()).toContain(odd);
  },
);

test("sweepStates() ends a dead owner's link that is stuck, but no process that took its id", async () => {
  await using stuck = new Deno.Command("sleep", { args: ["300"] }).spawn();
  await using other = new Deno.Command("sleep", { args: ["300"] }).spawn();
  for (const [link, linkStart] of [[stuck.pid, startTime(stuck.pid)!], [other.pid, "1"]] as const) {
    const dead = createState(about("dead"));
    Object.assign(dead.record, { link, linkStart, owner: { pid: Deno.pid, start: "1" } });
    writeRecord(dead);
  }
  sweepStates();
  expect((await stuck.status).signal).toBe("SIGKILL");
  expect(startTime(other.pid)).not.toBeNull();
  other.kill("SIGKILL");
  await eventually(() => startTime(other.pid) === null);
});
