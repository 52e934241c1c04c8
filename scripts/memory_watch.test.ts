import { expect, test } from "vitest";
import { MemoryWatch } from "./memory_watch.ts";

/** A server whose memory grows with each look, up to `looks`; then it has ended. */
function growing(looks: number) {
  let count = 0;
  const ended = Promise.withResolvers<void>();
  const memory = () => {
    if (++count <= looks) return Promise.resolve(count * 1000);
    ended.resolve();
    return Promise.resolve(null);
  };
  return { memory, ended: ended.promise, looks: () => count };
}

test("MemoryWatch knows nothing of a server to which no client has come", async () => {
  const server = growing(5);
  const watch = new MemoryWatch();
  watch.follow(server);
  await watch[Symbol.asyncDispose]();
  expect(server.looks()).toBe(0);
  expect(watch.most).toBeNull();
});

test("MemoryWatch keeps the most that it saw while clients were there", async () => {
  const server = growing(3);
  const watch = new MemoryWatch();
  watch.follow(server);
  watch.begin();
  await server.ended;
  await watch[Symbol.asyncDispose]();
  expect(watch.most).toBe(3000);
});

test("MemoryWatch knows nothing where the first look found the server gone", async () => {
  const server = growing(0);
  const watch = new MemoryWatch();
  watch.follow(server);
  watch.begin();
  await server.ended;
  await watch[Symbol.asyncDispose]();
  expect(watch.most).toBeNull();
});
