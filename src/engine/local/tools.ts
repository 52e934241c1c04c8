/** Finding the system's tools that the local engine stands on. */
import { MachineError } from "../machine_error.ts";
import type { Tools } from "./commands.ts";

const packages: Record<keyof Tools, string> = {
  ip: "iproute2",
  mount: "mount",
  nsenter: "util-linux",
  setpriv: "util-linux",
  setsid: "util-linux",
  unshare: "util-linux",
};

/**
 * Returns the tools' paths, looking in PATH and where administrators' tools lie.
 *
 * @throws {MachineError} With the packages to install, where any is missing.
 */
export function findTools(): Tools {
  if (Deno.build.os !== "linux") {
    throw new MachineError(
      "Use a Linux machine, or a Linux virtual machine: network namespaces exist only there",
    );
  }
  const folders = [
    ...(Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/")),
    ...["/usr/sbin", "/sbin", "/usr/bin", "/bin"],
  ];
  const find = (name: string) => {
    for (const folder of folders) {
      try {
        if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
      } catch {
        // Not there.
      }
    }
    return null;
  };
  const names = Object.keys(packages) as (keyof Tools)[];
  const found = names.map((name) => [name, find(name)] as const);
  const missing = found.filter(([, path]) => path === null).map(([name]) => name);
  if (missing.length > 0) {
    const needed = [...new Set(missing.map((name) => packages[name]))];
    throw new MachineError(
      `Install ${needed.join(" and ")} (as root: apt-get install ${needed.join(" ")}): ` +
        `there is no ${missing.join(", ")}`,
      { packages: needed },
    );
  }
  return Object.fromEntries(found) as unknown as Tools;
}
