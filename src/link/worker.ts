/**
 * The packet thread: a Worker that is told once what to do, and then only polls.
 */
/// <reference lib="deno.worker" />
import { openLibc } from "./libc.ts";
import { type LoopOptions, PacketLoop } from "./loop.ts";

self.onmessage = (message: MessageEvent<LoopOptions>) => {
  const loop = new PacketLoop(openLibc(), message.data);
  self.postMessage("ready");
  loop.run();
  self.postMessage("stopped");
};
