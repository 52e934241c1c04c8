/** The checkout as it is now, for a rig: all but what is fetched or made. */
import { dirname, fromFileUrl } from "../../../scripts/paths.ts";
import { FOREIGN } from "../../../scripts/source_files.ts";

/** The checkout that this file is of. */
export const ROOT = dirname(dirname(dirname(dirname(fromFileUrl(import.meta.url)))));

/** Returns the checkout as a tar archive, by way of `tar`. */
export function packCheckout(root = ROOT): ReadableStream<Uint8Array> {
  const without = [...FOREIGN].map((name) => `--exclude=./${name}`);
  return new Deno.Command("tar", {
    args: ["--create", ...without, "--directory", root, "."],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn().stdout;
}

/**
 * Returns a shell's script that unpacks the archive at the same path as here, in place of what is there.
 *
 * @param packages The drive that becomes `node_modules`; null where it is that already.
 */
export function unpackScript(packages: string | null, root = ROOT): string {
  const at = `'${root.replaceAll("'", `'\\''`)}'`;
  const keep = [...FOREIGN].map((name) => `! -name ${name}`).join(" ");
  const first = `mkdir -p ${at}
mount -t tmpfs -o mode=755 tmpfs ${at}
mkdir ${at}/node_modules ${at}/out
mount -t ext4 -o noatime ${packages} ${at}/node_modules`;
  return `set -e
${packages === null ? "" : first}
cd ${at}
find . -mindepth 1 -maxdepth 1 ${keep} -exec rm -r {} +
tar --extract`;
}
