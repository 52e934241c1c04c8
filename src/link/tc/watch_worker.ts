/**
 * The watching thread: a Worker that is told once what to do, and then only polls.
 */
/// <reference lib="deno.worker" />
import { AdvisedError, factOf } from "../advised_error.ts";
import { openLibc } from "../libc.ts";
import type { ThreadMessage } from "../thread_driver.ts";
import { WatchLoop, type WatchOptions } from "./watch_loop.ts";

self.onmessage = (message: MessageEvent<WatchOptions>) => {
  try {
    const loop = new WatchLoop(openLibc(), message.data);
    say("ready");
    loop.run();
    say("stopped");
  } catch (error) {
    const advice = error instanceof AdvisedError ? { advice: error.advice } : {};
    say({ fault: factOf(error), ...advice });
  }
};

function say(message: ThreadMessage): void {
  self.postMessage(message);
}
