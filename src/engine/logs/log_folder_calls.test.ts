/** A folder behind messages is the folder. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFault } from "./log_folder.ts";
import { answerLogCall, LogFolderThere } from "./log_folder_calls.ts";
import { LogFolderHere } from "./log_folder_here.ts";

let here: LogFolderHere;
let there: LogFolderThere;
beforeEach(() => {
  here = new LogFolderHere(Deno.makeTempDirSync({ prefix: "socklab-logs-" }));
  const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  there = new LogFolderThere(async (call) => plain(await answerLogCall(here, plain(call))));
});
afterEach(async () => {
  await here.empty();
  Deno.removeSync(here.path);
});

test("LogFolderThere does what the folder does where it lies", async () => {
  await there.watch();
  await there.write("log0.txt", "é\n");
  expect(await there.list()).toEqual(["log0.txt"]);
  expect(await there.read("log0.txt")).toBe("é\n");
  expect(await there.writtenInPlace()).toEqual(["log0.txt"]);
  await there.setWritable(false);
  expect(Deno.statSync(here.path).mode! & 0o777).toBe(0o555);
  await there.empty();
  expect(await there.list()).toEqual([]);
});

test("LogFolderThere tells a program's fault from another", async () => {
  const gone = there.read("log0.txt");
  await expect(gone).rejects.toThrow(LogFault);
  await expect(gone).rejects.toThrow("log0.txt is gone again");
  await expect(there.writtenInPlace()).rejects.not.toThrow(LogFault);
});
