/** Checks of the servers that go on for as long as their client does: one client at a time, one loop, threads, processes. */
import type { Check } from "../../../src/grade/mod.ts";
import { checkProcessesEnd } from "./processes.ts";
import { streamChecks } from "./stream_checks.ts";

const iterative = streamChecks({
  program: "server_iterative",
  prefix: "iterative",
  title: "The iterative server",
  clients: 500,
}, {
  "answers-at-once": 2,
  "many-messages": 2,
  "half-close": 2,
  "in-turn": 2,
  "outlives-reset": 1,
  "outlives-empty": 1,
  "stops": 1,
  "port-taken": 1,
});

const eventLoop = streamChecks({
  program: "server_event_loop",
  prefix: "event-loop",
  title: "The server with one loop",
  clients: 500,
}, {
  "answers-at-once": 3,
  "many-messages": 3,
  "bytes": 3,
  "half-close": 3,
  "slow-reader": 3,
  "closes-sockets": 3,
  "outlives-reset": 2,
  "outlives-empty": 1,
  "together": 3,
  "stops": 2,
  "port-taken": 1,
});

const threads = streamChecks({
  program: "server_threads",
  prefix: "threads",
  title: "The server with threads",
  clients: 100,
}, {
  "answers-at-once": 2,
  "many-messages": 2,
  "bytes": 2,
  "half-close": 2,
  "slow-reader": 2,
  "closes-sockets": 2,
  "outlives-reset": 2,
  "outlives-empty": 1,
  "together": 4,
  "stops": 2,
  "port-taken": 1,
});

const processes = streamChecks({
  program: "server_processes",
  prefix: "processes",
  title: "The server with processes",
  // Each of them costs the start of a process.
  clients: 10,
  processes: true,
}, {
  "answers-at-once": 2,
  "many-messages": 2,
  "bytes": 2,
  "half-close": 2,
  "slow-reader": 2,
  "closes-sockets": 2,
  "outlives-reset": 1,
  "outlives-empty": 1,
  "together": 3,
  "stops": 1,
  "port-taken": 1,
});

/** The checks, program by program. */
export const serverChecks: readonly Check[] = [
  ...iterative,
  ...eventLoop,
  ...threads,
  ...processes,
  {
    id: "processes-end",
    title: "The server with processes has none left when its clients have gone",
    points: 1,
    program: "server_processes",
    hint: "A process ends when its connection does: let it exit then, and wait for it (wait(2))",
    run: checkProcessesEnd,
  },
];
