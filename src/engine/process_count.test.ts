import { expect, test } from "vitest";
import { countProcesses, processesOf } from "./process_count.ts";

test("countProcesses() tells zombies from processes that run or wait, whatever their names", () => {
  const lines = ["7 (deno) R 1 7", "8 (a) b) Z 7 7", "9 (sh) S 7 7", "10 (Z) D 7 7", ""];
  expect(countProcesses(lines)).toEqual({ alive: 3, zombies: 1 });
});

test("processesOf() counts a process with its descendants, zombies too, and is null without one", async () => {
  // The first ends while its parent, which has become sleep(1), does not wait for it.
  const script = "sh -c 'sleep 60 & wait' & sleep 0 & exec sleep 60";
  const process = new Deno.Command("sh", { args: ["-c", script], detached: true }).spawn();
  try {
    await expect.poll(() => processesOf(process.pid)).toEqual({ alive: 3, zombies: 1 });
  } finally {
    Deno.kill(-process.pid, "SIGKILL");
    await process.status;
  }
  expect(processesOf(process.pid)).toBeNull();
});
