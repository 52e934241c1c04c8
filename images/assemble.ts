/**
 * A step of the images' Dockerfiles: puts together what an image holds, in `/rootfs`, of Debian's packages unpacked in
 * `/tree` and the checkout in `/socklab`. It runs nothing of `/tree`, which may be for another architecture.
 *
 * ```sh
 * deno run -A --no-config /socklab/images/assemble.ts programs|link|sandbox
 * ```
 */
import { copyWithLibraries, libraryFolder } from "./elf.ts";
import { copyFile, copyFolder, exists, files } from "./files.ts";
import { copyLibrary, modulesOf, transpile } from "./library.ts";

/**
 * Of busybox, unless the image has the real one. Its shell is none of them: that would take its own ping and ip before any
 * other, and its ping needs a capability.
 */
const APPLETS =
  "arping awk base64 basename cat chgrp chmod chown clear cmp cp cut date dd df diff " +
  "dirname du echo env expr false find fold free grep groups head hexdump hostname id " +
  "ifconfig ip kill less ln ls mkdir mkfifo mktemp more mv nc netstat nl nproc nslookup od " +
  "pidof printenv printf ps pwd readlink realpath rm rmdir route sed seq setsid sha256sum " +
  "shuf sleep sort stat strings stty sync tac tail tar tee telnet test time timeout top " +
  "touch tr traceroute true tty uname uniq uptime usleep vi watch wc which whoami xargs " +
  "xxd yes";

/** What Deno is linked against; its own binary is not at hand here. */
const DENO_LIBRARIES = [
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "librt.so.1",
];

const COMMANDS: Record<string, string[]> = {
  programs: ["bin/dash", "bin/ping"],
  link: ["bin/dash", "bin/ping", "bin/bash", "bin/ip", "bin/ss", "sbin/tc", "bin/tcpdump"],
  sandbox: ["bin/dash"],
};

/** Where what Deno needs lies in an image. */
const OPT = "/opt/socklab";
const FLAGS = ["--no-config", "--no-lock"];
/** Of our code, what a sandbox holds: this, and what it imports. */
const AGENT = "src/engine/sandbox/main.ts";

const [image = ""] = Deno.args;
const commands = COMMANDS[image];
if (!commands) throw new Error(`Name an image that can be put together, not '${image}'`);
Deno.umask(0o022);
system(image, commands);
await library();
if (image === "sandbox") await agent();
else await code();
copyFolder(OPT, `/rootfs${OPT}`);

/** The system's own files: commands, libraries, accounts. */
function system(image: string, commands: readonly string[]): void {
  for (
    const folder of [
      "usr/bin",
      "usr/sbin",
      "usr/lib",
      "usr/lib64",
      "etc",
      "proc",
      "sys",
      "dev",
      "root",
      "run",
    ]
  ) {
    Deno.mkdirSync(`/rootfs/${folder}`, { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    Deno.symlinkSync(`usr/${name}`, `/rootfs/${name}`);
  }
  Deno.mkdirSync("/rootfs/tmp");
  Deno.chmodSync("/rootfs/tmp", 0o1777);

  copyWithLibraries(["bin/busybox", ...commands], DENO_LIBRARIES, { from: "/tree", to: "/rootfs" });
  Deno.symlinkSync("dash", "/rootfs/usr/bin/sh");
  for (const applet of APPLETS.split(" ")) linkUnlessThere("busybox", `/rootfs/usr/bin/${applet}`);
  if (image === "link") {
    // iproute2's tables of distributions and its names of protocols.
    for (const folder of [`${libraryFolder("/tree")}/tc`, "usr/share/iproute2"]) {
      copyFolder(`/tree/${folder}`, `/rootfs/${folder}`);
    }
    linkUnlessThere("../bin/ip", "/rootfs/usr/sbin/ip");
  }

  const text = (path: string, lines: string[]) =>
    Deno.writeTextFileSync(`/rootfs/etc/${path}`, lines.join("\n") + "\n");
  text("passwd", [
    "root:x:0:0:root:/root:/bin/sh",
    "lab:x:1000:1000:lab:/tmp:/bin/sh",
    "nobody:x:65534:65534:nobody:/tmp:/bin/sh",
  ]);
  text("group", ["root:x:0:", "lab:x:1000:", "nogroup:x:65534:"]);
  text("nsswitch.conf", ["hosts: files dns"]);
  Deno.copyFileSync("/tree/usr/lib/os-release", "/rootfs/usr/lib/os-release");
  Deno.symlinkSync("../usr/lib/os-release", "/rootfs/etc/os-release");
  // What its packages are licensed under stays with them.
  copyFolder("/tree/usr/share/doc", "/rootfs/usr/share/doc", ({ name }) => name === "copyright");
}

/** The library that labs' programs import, and the import map by which they find it. */
async function library(): Promise<void> {
  Deno.mkdirSync(`${OPT}/node_modules`, { recursive: true });
  const imports = Deno.readTextFileSync("/socklab/labs/imports.json");
  await copyLibrary(`${OPT}/node_modules/deno-std`, JSON.parse(imports).imports);
  Deno.writeTextFileSync(
    `${OPT}/imports.json`,
    imports.replaceAll('"../node_modules/', '"./node_modules/'),
  );
}

/** What starts strangers' programs, alone: they may read whatever is there. */
async function agent(): Promise<void> {
  ownLibraries(`${OPT}/agent`);
  const main = `${OPT}/${AGENT}`;
  for (const path of await modulesOf(`/socklab/${AGENT}`)) {
    copyFile(path, `${OPT}/${path.slice("/socklab/".length)}`);
  }
  await transpile([main], FLAGS, `${OPT}/deno-dir`);
  forgetFacts();
}

/** What Deno needs of the system, in one folder, for images that have another: with its loader, it runs there all the same. */
function ownLibraries(to: string): void {
  const folder = `/rootfs/${libraryFolder("/rootfs")}`;
  for (const name of DENO_LIBRARIES) copyFile(`${folder}/${name}`, `${to}/lib/${name}`);
  const { name: loader } = [...Deno.readDirSync(folder)].find(({ name }) =>
    /^ld-linux/.test(name)
  )!;
  copyFile(`${folder}/${loader}`, `${to}/ld.so`);
}

/** The checkout's code, ready to start without being transpiled. */
async function code(): Promise<void> {
  const own = [...files("/socklab/src"), ...files("/socklab/scripts")].filter((path) =>
    !/\.(test|bench)\.ts$/.test(path)
  );
  const programs = files("/socklab/labs").filter((path) =>
    /\/(starter|solution)\/.*\.ts$/.test(path)
  );
  await transpile(own.filter((path) => path.endsWith(".ts")), FLAGS, `${OPT}/deno-dir`);
  await transpile(programs, [...FLAGS, `--import-map=${OPT}/imports.json`], `${OPT}/deno-dir`);
  forgetFacts();

  Deno.mkdirSync("/rootfs/socklab/out", { recursive: true });
  for (const name of ["src", "scripts", "labs", "types"]) {
    copyFolder(`/socklab/${name}`, `/rootfs/socklab/${name}`);
  }
  Deno.copyFileSync("/socklab/deno.json", "/rootfs/socklab/deno.json");
}

/**
 * Deno keeps what it learns of each file in databases of its own; it cannot write them where it runs, and so does not read
 * them either.
 */
function forgetFacts(): void {
  for (const { name, isFile } of Deno.readDirSync(`${OPT}/deno-dir`)) {
    if (isFile) Deno.removeSync(`${OPT}/deno-dir/${name}`);
  }
}

function linkUnlessThere(target: string, path: string): void {
  if (!exists(path)) Deno.symlinkSync(target, path);
}
