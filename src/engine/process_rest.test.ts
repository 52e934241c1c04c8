import { expect, test } from "vitest";
import { allWait, parseThread, restsNow } from "./process_rest.ts";

test("parseThread() reads a thread's state and how often it has slept, whatever its name", () => {
  const text = "Name:\tPid: 1\nState:\tS (sleeping)\nTgid:\t7\nPid:\t9\nPPid:\t1\n" +
    "voluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t545\n";
  expect(parseThread(7, text)).toEqual({ pid: 7, tid: 9, state: "S", sleeps: 150 });
  expect(parseThread(7, "")).toBeNull();
});

test("allWait() asks it of every thread; a zombie of its children waits, it itself does not", () => {
  const thread = (pid: number, state: string) => ({ pid, tid: pid, state, sleeps: 1 });
  expect(allWait(7, [thread(7, "S"), thread(8, "T"), thread(9, "Z")])).toBe(true);
  expect(allWait(7, [thread(7, "S"), thread(8, "R")])).toBe(false);
  expect(allWait(7, [thread(7, "D")])).toBe(false);
  expect(allWait(7, [thread(7, "Z")])).toBe(false);
});

test("restsNow() is true once a program and its children wait, and false without a process", async () => {
  const child = spawn("sleep 60 & exec sleep 60");
  try {
    await expect.poll(() => restsNow(child.pid)).toBe(true);
  } finally {
    await end(child);
  }
  expect(restsNow(child.pid)).toBe(false);
});

test("restsNow() is false while a child of a program that waits works", async () => {
  const child = spawn("(while :; do :; done) & exec sleep 60");
  try {
    await expect.poll(() => Deno.readTextFileSync(`/proc/${child.pid}/comm`)).toBe("sleep\n");
    expect(Array.from({ length: 20 }, () => restsNow(child.pid))).not.toContain(true);
  } finally {
    await end(child);
  }
});

function spawn(script: string): Deno.ChildProcess {
  return new Deno.Command("sh", { args: ["-c", script], detached: true }).spawn();
}

async function end(child: Deno.ChildProcess) {
  Deno.kill(-child.pid, "SIGKILL");
  await child.status;
}
