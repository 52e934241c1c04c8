/**
 * The watching thread: a Worker that is told once what to do, and then only polls.
 */
/// <reference lib="deno.worker" />
import { openLibc } from "../libc.ts";
import { WatchLoop, type WatchOptions } from "./watch_loop.ts";

self.onmessage = (message: MessageEvent<WatchOptions>) => {
  const loop = new WatchLoop(openLibc(), message.data);
  self.postMessage("ready");
  loop.run();
  self.postMessage("stopped");
};
