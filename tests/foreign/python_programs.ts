/**
 * Programs in Python 3, as students of other courses write them: for each lab those in `programs/LAB/STYLE`, which are
 * right, and those in `programs/LAB/wrong/NAME`, each with one mistake.
 */
import { ROOT } from "../cli/lab_stage.ts";

const PROGRAMS = `${ROOT}/tests/foreign/programs`;

/** By lab and name, the checks that wrong programs fail; all others of the same program pass. */
export const FAILS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  lab1: {
    "client-one-recv": ["client-split", "client-long-line"],
    "decodes": ["bytes"],
    "dies-on-reset": ["outlives-reset"],
    "never-closes": ["closes-sockets"],
    "no-stop": ["stops"],
    "one-at-a-time": ["several-clients"],
    "short-send": ["slow-reader"],
    "waits-for-end": ["once-echo", "once-next", "once-bytes", "once-outlives"],
  },
  lab2: {
    "client-one-recv": ["client-tcp-pieces"],
    "first-address": ["udp-two-clients"],
    "gmt": ["tcp-clock"],
    "one-handler": ["handler-side-by-side"],
    "one-recv": ["tcp-pieces", "tcp-merged", "tcp-long-lines", "tcp-slow-reader", "tcp-half-close"],
    "small-buffer": ["udp-sizes"],
    "stays-open": ["handler-closes"],
    "strips": ["tcp-answer"],
  },
  lab3: {
    "client-any-answer": ["client-stale"],
    "decodes": ["every-byte", "letters-beyond"],
    "empty-is-end": ["empty-datagram"],
    "latin1": ["every-byte"],
    "other-socket": ["from-where-asked"],
    "packet-size": ["largest-datagram"],
  },
  lab4: {
    "at-connect": ["asked-first", "split-request", "clock-goes-on"],
    "no-reuseaddr": ["restarts"],
    "no-zone": ["time-zone"],
    "one-date": ["clock-goes-on"],
    "stays-open": ["closes"],
  },
  lab5: {
    "counts-files": ["highest"],
    "from-zero": ["restart", "highest", "killed"],
    "logs-raw": ["escaped"],
    "no-log-no-date": ["unwritable"],
  },
  lab6: {
    "blocking-send": ["event-loop-slow-reader"],
    "client-text": ["client-bytes"],
    "keeps-copy": ["processes-closes-sockets"],
    "one-recv": ["once-merged", "once-split"],
    "swapcase": ["threads-bytes"],
    "waits": ["processes-together"],
    "waits-for-lines": ["iterative-answers-at-once"],
    "zombies": ["processes-end"],
  },
};

/** A folder of programs. */
export interface PythonPrograms {
  name: string;
  folder: string;
  /** Files' names without their ending: the programs of the lab that they are. */
  stems: string[];
}

/** Returns a lab's programs that are right, by style. */
export function rightPrograms(lab: string): PythonPrograms[] {
  return foldersIn(`${PROGRAMS}/${lab}`).filter(({ name }) => name !== "wrong");
}

/** Returns a lab's programs that are wrong, by name. */
export function wrongPrograms(lab: string): PythonPrograms[] {
  return foldersIn(`${PROGRAMS}/${lab}/wrong`);
}

function foldersIn(folder: string): PythonPrograms[] {
  const names = [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory)
    .map(({ name }) => name).sort();
  return names.map((name) => ({ name, folder: `${folder}/${name}`, stems: stems(folder, name) }));
}

function stems(folder: string, name: string): string[] {
  return [...Deno.readDirSync(`${folder}/${name}`)].filter((file) => file.name.endsWith(".py"))
    .map((file) => file.name.slice(0, -3)).sort();
}
