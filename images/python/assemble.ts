/**
 * A step of the Dockerfile: puts together, in `/rootfs`, what Python adds to the image in `/base`, of Debian's packages
 * unpacked in `/tree`. It runs nothing of these, which may be for another architecture; it is the build's own Python, of
 * the same release of Debian, that compiles the library: what it makes is the same for each.
 */
import { copyWithLibraries } from "../elf.ts";
import { copyFolder, copyLinks, exists, files } from "../files.ts";

const ZONES = "usr/share/zoneinfo";

Deno.umask(0o022);
const version = versionIn("/tree");
const library = `usr/lib/${version}`;
const extensions = `${library}/lib-dynload`;
const modules = [...Deno.readDirSync(`/tree/${extensions}`)]
  .map(({ name }) => `lib/${version}/lib-dynload/${name}`);
copyWithLibraries([`bin/${version}`, ...modules], [], { from: "/tree", to: "/rootfs" });
for (const name of ["python3", "python"]) Deno.symlinkSync(version, `/rootfs/usr/bin/${name}`);
for (const folder of [library, ZONES]) copyFolder(`/tree/${folder}`, `/rootfs/${folder}`);
// A zone may go by many names.
copyLinks(`/tree/${ZONES}`, `/rootfs/${ZONES}`);
copyFolder("/tree/usr/share/doc", "/rootfs/usr/share/doc", ({ name }) => name === "copyright");
// Documentation for a prompt.
Deno.removeSync(`/rootfs/${library}/pydoc_data`, { recursive: true });
compile(`/rootfs/${library}`);
for (const path of files("/rootfs")) {
  if (exists(path.replace("/rootfs", "/base"))) Deno.removeSync(path);
}

/** The name of the Python in a system: `python3.13`. */
function versionIn(system: string): string {
  const names = [...Deno.readDirSync(`${system}/usr/bin`)].map(({ name }) => name);
  const version = names.find((name) => /^python3\.\d+$/.test(name));
  if (version === undefined) throw new Error(`Unpack python3 in ${system}: it has none`);
  return version;
}

/** Nobody can write there later. Compiled files are used as they are, whatever a copy makes of times. */
function compile(folder: string): void {
  const { success } = new Deno.Command(versionIn(""), {
    args: [
      ...["-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"],
      ...["-s", "/rootfs", "-p", "/", folder],
    ],
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  if (!success) throw new Error("Look above: Python's library was not compiled");
}
