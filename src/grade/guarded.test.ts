import { expect, test } from "vitest";
import { guarded } from "./guarded.ts";

test("guarded() passes on what methods return, and what objects have", async () => {
  const api = guarded({ port: 7, get: () => Promise.resolve(1), now: () => 2 }, () => false);
  expect([api.port, await api.get(), api.now()]).toEqual([7, 1, 2]);
});

test("guarded() lets a promise fail that nobody waits for", async () => {
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", note);
  const api = guarded({ fail: () => Promise.reject(new Error("no")) }, () => false);
  api.fail();
  await new Promise((resolve) => setTimeout(resolve));
  removeEventListener("unhandledrejection", note);
  expect(unhandled).toEqual([]);
  await expect(api.fail()).rejects.toThrow("no");
});

test("guarded() refuses everything once the check is over, sockets included", async () => {
  let over = false;
  const api = guarded({ open: () => Promise.resolve({ send: () => 1 }) }, () => over);
  const socket = await api.open();
  expect(socket.send()).toBe(1);
  over = true;
  expect(() => socket.send()).toThrow("This check is over");
  expect(() => api.open()).toThrow("This check is over");
});
