/** Of what a rig's root is made, and the name that follows from it. */
import { dirname, fromFileUrl } from "../../../scripts/paths.ts";

/** Debian packages in the rig, besides the smallest system. */
export const PACKAGES = [
  ...[
    "busybox-static",
    "ca-certificates",
    "containerd",
    "docker-cli",
    "docker.io",
    "ethtool",
    "iproute2",
  ],
  ...["iptables", "iputils-arping", "iputils-ping", "kmod", "procps", "python3-minimal", "runc"],
  ...["socat", "tcpdump", "util-linux", "xz-utils"],
] as const;

/** The folder of this file. */
const HERE = dirname(fromFileUrl(import.meta.url));

/** Returns the paths of the files that go into the rig. */
export function insideFiles(): string[] {
  const folder = `${HERE}/inside`;
  return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`).sort();
}

/** Returns a short name of all that these texts say. */
export async function hashOf(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(parts.join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 8).toHex();
}

/** Returns the name of the root that this checkout and this Deno make. */
export function rootName(): Promise<string> {
  const files = insideFiles().flatMap((
    path,
  ) => [path.slice(HERE.length), Deno.readTextFileSync(path)]);
  return hashOf([`deno ${Deno.version.deno}`, Deno.build.arch, ...PACKAGES, ...files]);
}
