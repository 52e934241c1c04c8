/**
 * The folders in which testbeds keep their control sockets, one a testbed, private to the user.
 *
 * A folder whose owner no longer runs was left by a machine that went down in the middle, and is removed at the next
 * start; whatever else ends a testbed removes its folder itself.
 */
import { MachineError } from "./machine_error.ts";
import { signal, startTime } from "./process.ts";
import type { EngineName } from "./testbed.ts";

/** What `run.json` says of a testbed. */
export interface StateRecord {
  v: 1;
  lab: string;
  /** Which of the lab's pairs of programs serves, by name, where its starter has said. */
  program?: string;
  engine: EngineName;
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
  /** When the link started. */
  linkStart?: string;
  /** On the docker engine: the socket that it answers on, and what the names of its containers have in common. */
  docker?: { socket: string; id: string };
}

/** A testbed's folder. */
export interface StateFolder {
  /** Absolute path. */
  path: string;
  record: StateRecord;
}

/** Bytes that a Unix socket's path may have (unix(7): 108 with the closing zero). */
const SOCKET_PATH_BYTES = 107;

/** Milliseconds after which a folder without a record is no longer one that is just being made. */
const MAKING = 60_000;

/**
 * Returns the folders in which this user's testbeds may have theirs, best first: sessions of one user need not agree on
 * XDG_RUNTIME_DIR. Pure.
 */
export function stateBases(uid: number, runtimeDir: string | undefined): string[] {
  const parents = [runtimeDir, `/run/user/${uid}`, "/tmp"].filter((dir) => dir?.startsWith("/"));
  return [...new Set(parents.map((dir) => `${dir!.replace(/\/+$/, "")}/socklab-${uid}`))];
}

function bases(): string[] {
  const uid = Deno.uid() ?? 0;
  // A folder for this alone keeps to itself: labs in it and elsewhere do not see each other.
  const own = Deno.env.get("LAB_RUNTIME_DIR");
  return own?.startsWith("/") ? stateBases(uid, own).slice(0, 1) : usualBases();
}

function usualBases(): string[] {
  return stateBases(Deno.uid() ?? 0, Deno.env.get("XDG_RUNTIME_DIR"));
}

/** The real paths of those that exist, for hiding them from programs. */
export function existingBases(): string[] {
  return [...new Set([...bases(), ...usualBases()])].flatMap((base) => {
    try {
      const real = Deno.realPathSync(base);
      return Deno.statSync(real).isDirectory ? [real] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Makes a testbed's folder.
 *
 * @throws {MachineError} Where it cannot be made, or somebody else's is in the way.
 */
export function createState(record: Omit<StateRecord, "v" | "owner">): StateFolder {
  const base = bases().find((base) => isFolder(parentOf(base)));
  if (base === undefined) {
    throw new MachineError(
      `Make the folder ${parentOf(bases()[0]!)}, or unset LAB_RUNTIME_DIR: there is no such folder`,
    );
  }
  let path: string | null = null;
  try {
    const id = [...crypto.getRandomValues(new Uint8Array(4))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
    path = `${privateFolder(base)}/${Deno.pid}-${id}`;
    const socket = new TextEncoder().encode(`${path}/control.sock`);
    if (socket.length > SOCKET_PATH_BYTES) {
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
    if (path !== null) removeState(path);
    throw stateError(base, cause);
  }
}

/** What to do where a state folder, or a file in it, cannot be written. */
export function stateError(folder: string, cause: unknown): MachineError {
  if (cause instanceof MachineError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const what = /os error (?:28|122)\b/.test(message) ? "Make room on the disk of" : "Make writable";
  return new MachineError(`${what} ${folder}: ${message}`, { cause });
}

/** Makes the folder, or checks that it is nobody else's; returns its real path. */
function privateFolder(path: string): string {
  try {
    Deno.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  const found = Deno.lstatSync(path);
  if (!found.isDirectory || found.uid !== Deno.uid() || ((found.mode ?? 0) & 0o077) !== 0) {
    throw new MachineError(
      `Remove ${path}, or set XDG_RUNTIME_DIR to a folder of yours: it is no private folder of yours`,
    );
  }
  return Deno.realPathSync(path);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
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
  const alive = allFolders().flatMap((path) => {
    const record = readRecord(path);
    return record !== null && isAlive(record) ? [{ path, record }] : [];
  });
  return alive.sort((a, b) =>
    a.record.since < b.record.since || (a.record.since === b.record.since && a.path < b.path)
      ? -1
      : 1
  );
}

/** Removes what owners that no longer run have left; returns how many folders that were. */
export function sweepStates(): number {
  let removed = 0;
  for (const path of allFolders()) {
    const record = readRecord(path);
    if (record === null ? isBeingMade(path) : isAlive(record)) continue;
    endLink(record);
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

/** A link ends with its owner; one that does not is stuck. */
function endLink(record: StateRecord | null): void {
  if (record?.link === undefined || record.linkStart === undefined) return;
  if (startTime(record.link) === record.linkStart) signal(record.link, "SIGKILL");
}

function allFolders(): string[] {
  return bases().flatMap((base) => {
    try {
      // What somebody else put there is not to be believed, least of all by root.
      const { isDirectory, uid } = Deno.lstatSync(base);
      if (!isDirectory || uid !== Deno.uid()) return [];
      return [...Deno.readDirSync(base)].filter((entry) => entry.isDirectory)
        .map((entry) => `${base}/${entry.name}`);
    } catch {
      return []; // None yet.
    }
  });
}

function readRecord(path: string): StateRecord | null {
  try {
    const text = Deno.readTextFileSync(`${path}/run.json`);
    const record = JSON.parse(text) as Partial<StateRecord> | null;
    const complete = record?.v === 1 && typeof record.owner?.pid === "number" &&
      typeof record.lab === "string" && typeof record.since === "string";
    return complete ? record as StateRecord : null;
  } catch {
    return null;
  }
}

/** Whether a folder without a record may yet get one: the process that its name begins with runs. */
function isBeingMade(path: string): boolean {
  try {
    const age = Date.now() - (Deno.statSync(path).mtime?.getTime() ?? 0);
    const maker = parseInt(path.slice(path.lastIndexOf("/") + 1));
    return age < MAKING && startTime(maker) !== null;
  } catch {
    return true; // Removed just now.
  }
}

function isAlive({ owner }: StateRecord): boolean {
  return startTime(owner.pid) === owner.start;
}
