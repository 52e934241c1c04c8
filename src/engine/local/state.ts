/**
 * The folders in which testbeds keep their control sockets, one a testbed, private to the user.
 *
 * A folder whose owner no longer runs was left by a machine that went down in the middle, and is removed at the next
 * start; whatever else ends a testbed removes its folder itself.
 */
import { MachineError } from "../machine_error.ts";
import { startTime } from "./process.ts";

/** What `run.json` says of a testbed. */
export interface StateRecord {
  v: 1;
  lab: string;
  engine: "local";
  /** `run` ends with its tool; `up` stays until `lab down`. */
  kind: "run" | "up";
  /** RFC 3339. */
  since: string;
  /** The process that owns the testbed, and when it started, in the kernel's ticks: ids come again. */
  owner: { pid: number; start: string };
  /** How many client hosts it has. */
  clients: number;
  /** The link's process id on the machine, once there is one. */
  link?: number;
}

/** A testbed's folder. */
export interface StateFolder {
  /** Absolute path. */
  path: string;
  record: StateRecord;
}

/** The folder in which this user's testbeds have theirs. */
export function stateBase(uid: number, env: (name: string) => string | undefined): string {
  return `${env("XDG_RUNTIME_DIR") || "/tmp"}/socklab-${uid}`;
}

function base(): string {
  return stateBase(Deno.uid() ?? 0, (name) => Deno.env.get(name));
}

/**
 * Makes a testbed's folder.
 *
 * @throws {MachineError} Where it cannot be made, or somebody else's is in the way.
 */
export function createState(record: Omit<StateRecord, "v" | "owner">): StateFolder {
  const parent = base();
  try {
    Deno.mkdirSync(parent, { recursive: true, mode: 0o700 });
    const found = Deno.lstatSync(parent);
    if (!found.isDirectory || found.uid !== Deno.uid() || ((found.mode ?? 0) & 0o077) !== 0) {
      throw new MachineError(
        `Remove ${parent}, or set XDG_RUNTIME_DIR to a folder of yours: it is no private folder of yours`,
      );
    }
    const id = [...crypto.getRandomValues(new Uint8Array(4))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const path = `${Deno.realPathSync(parent)}/${id}`;
    if (path.length > 80) {
      throw new MachineError(
        `Set XDG_RUNTIME_DIR to a shorter path: ${path} leaves no room for a socket's name`,
      );
    }
    Deno.mkdirSync(path, { mode: 0o700 });
    const folder = {
      path,
      record: { v: 1, ...record, owner: { pid: Deno.pid, start: startTime(Deno.pid) ?? "" } },
    } as const;
    writeRecord(folder);
    return folder;
  } catch (cause) {
    if (cause instanceof MachineError) throw cause;
    throw new MachineError(
      `Make ${parent} writable, with some space: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Writes a folder's record anew; nobody ever reads half of it. */
export function writeRecord(folder: StateFolder): void {
  const file = `${folder.path}/run.json`;
  Deno.writeTextFileSync(`${file}.part`, JSON.stringify(folder.record) + "\n");
  Deno.renameSync(`${file}.part`, file);
}

/** The testbeds of this user whose owners run, oldest first. */
export function listStates(): StateFolder[] {
  return allStates().filter(({ record }) => isAlive(record)).sort((a, b) =>
    a.record.since < b.record.since ? -1 : 1
  );
}

/** Removes what owners that no longer run have left; returns how many folders that were. */
export function sweepStates(): number {
  let removed = 0;
  for (const { path, record } of allStates()) {
    if (isAlive(record)) continue;
    removeState(path);
    removed++;
  }
  return removed;
}

/** Removes a testbed's folder; gone already is gone too. */
export function removeState(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // Removed by the testbed's own first process.
  }
}

function allStates(): StateFolder[] {
  const found: StateFolder[] = [];
  try {
    for (const entry of Deno.readDirSync(base())) {
      const path = `${base()}/${entry.name}`;
      try {
        found.push({ path, record: JSON.parse(Deno.readTextFileSync(`${path}/run.json`)) });
      } catch {
        // Being made or removed just now.
      }
    }
  } catch {
    // None yet.
  }
  return found;
}

function isAlive({ owner }: StateRecord): boolean {
  return startTime(owner.pid) === owner.start;
}
