/** Whose rights the programs of a testbed get, and with which environment they run. */
import type { Owner } from "./commands.ts";

/** Capabilities that building namespaces without a user namespace takes (capabilities(7)). */
const CAP_NET_ADMIN = 12n, CAP_SYS_ADMIN = 21n;

/** Folders where administrators' tools lie, which an ordinary user's PATH may lack. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Whether namespaces take a user namespace first: for everybody but root with root's capabilities. */
export function needsUserNamespace(): boolean {
  return Deno.uid() !== 0 || !canBuild(Deno.readTextFileSync("/proc/self/status"));
}

/** Whether the capabilities in effect, as /proc/PID/status tells them, build namespaces. Pure. */
export function canBuild(status: string): boolean {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return [CAP_NET_ADMIN, CAP_SYS_ADMIN].every((bit) => (effective >> bit & 1n) === 1n);
}

/**
 * Returns whose rights a program gets: those of the owner of the first of `paths` that is not root's. Without its
 * capabilities root cannot read another's private folder. Null: the rights of whoever runs the tool.
 */
export function programOwner(userNamespace: boolean, paths: readonly string[]): Owner {
  if (userNamespace || Deno.uid() !== 0) return null;
  for (const path of paths) {
    try {
      const { uid, gid } = Deno.statSync(path);
      if (uid !== null && uid !== 0 && gid !== null) return { uid, gid };
    } catch {
      // Whoever starts something there will hear of it.
    }
  }
  return null;
}

/**
 * Returns a program's whole environment: the tool's own with `extra`, less what points at folders that it cannot reach.
 * Pure.
 *
 * @param passwd the text of /etc/passwd
 */
export function programEnv(
  own: Readonly<Record<string, string>>,
  options: { owner: Owner; passwd: string; extra?: Readonly<Record<string, string>> },
): Record<string, string> {
  const { owner, passwd, extra = {} } = options;
  const env = { ...own, PATH: systemPath(own.PATH ?? "") };
  // /run is the testbed's own.
  delete (env as Record<string, string>).XDG_RUNTIME_DIR;
  if (owner === null) return { ...env, ...extra };
  const kept = Object.entries(env).filter(([name]) => !/^(?:XDG_|SUDO_|DENO_DIR$)/.test(name));
  return { ...Object.fromEntries(kept), ...identity(passwd, owner.uid), ...extra };
}

/** Returns PATH with the folders behind it where administrators' tools lie, which an ordinary user's may lack. Pure. */
export function systemPath(path: string): string {
  const folders = path.split(":").filter((folder) => folder !== "");
  return [...new Set([...folders, ...SYSTEM_FOLDERS])].join(":");
}

/** Name and home of a user (passwd(5)); a user without an entry has the root folder, as in login(1). */
function identity(passwd: string, uid: number): Record<string, string> {
  const entry = passwd.split("\n").map((line) => line.split(":")).find((fields) =>
    fields.length >= 7 && fields[2] === String(uid)
  );
  return {
    HOME: entry?.[5] || "/",
    ...(entry ? { USER: entry[0]!, LOGNAME: entry[0]! } : {}),
  };
}
