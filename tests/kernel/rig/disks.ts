/** The disks that a rig starts with: its root, the checkout's packages, and Docker's images. */
import { aptSources } from "../../../scripts/client_plugins.ts";
import { suiteSource } from "../../../scripts/apt_suite.ts";
import { cached } from "./cache.ts";
import { hashOf, insideFiles, PACKAGES, rootName } from "./recipe.ts";
import { runTool } from "./tool.ts";

/** What making disks takes. */
export interface DiskOptions {
  signal?: AbortSignal;
  /** What is being done, in a few words. */
  onStage?: (text: string) => void;
}

/** The release of Debian that the root is made of. */
const SUITE = "trixie";

/** Returns a folder with root.ext4, and vmlinuz-NAME and initrd-NAME of each kernel. */
export async function rootDisk({ signal, onStage = () => {} }: DiskOptions = {}): Promise<string> {
  return await cached("root", await rootName(), async (folder) => {
    onStage("fetching Debian packages and kernels");
    const release = codename();
    const source = release === null ? undefined : suiteSource(aptSources(), release, SUITE);
    // With a private folder for all that is unpacked: it may be large, and must not stay.
    const work = `${folder}/work`;
    Deno.mkdirSync(work);
    Deno.chmodSync(work, 0o1777);
    if (source !== undefined) Deno.writeTextFileSync(`${work}/suite.sources`, source);
    Deno.copyFileSync(Deno.execPath(), `${work}/deno`);
    await runTool([
      "mmdebstrap",
      "--variant=minbase",
      "--format=null",
      "--architectures=amd64",
      `--include=${PACKAGES.join(",")}`,
      `--aptopt=APT::Install-Recommends "false"`,
      `--customize-hook=mkdir "$1/rig"`,
      `--customize-hook=copy-in ${[...insideFiles(), `${work}/deno`].map(quote).join(" ")} /rig`,
      `--customize-hook=sh "$1/rig/tree.sh" "$1"`,
      `--customize-hook=copy-out /rig/out ${quote(work)}`,
      SUITE,
      "/dev/null",
      ...(source === undefined ? [] : [`${work}/suite.sources`]),
    ], {
      signal,
      env: { TMPDIR: work },
      onLine(line) {
        if (/^I: running --customize-hook.*tree\.sh/.test(line)) onStage("making the rig's disk");
      },
    });
    await runTool(["fallocate", "--dig-holes", `${work}/out/root.ext4`], { holder: "util-linux" });
    for (const { name } of Deno.readDirSync(`${work}/out`)) {
      Deno.renameSync(`${work}/out/${name}`, `${folder}/${name}`);
    }
    Deno.removeSync(work, { recursive: true });
  });
}

/** Returns a disk with the checkout's `node_modules`, as deno.lock has them. */
export async function packagesDisk(root: string, options: DiskOptions = {}): Promise<string> {
  const lock = Deno.readTextFileSync(`${root}/deno.lock`);
  const folder = await cached("packages", await hashOf([lock]), async (folder) => {
    options.onStage?.("making a disk of the checkout's packages");
    const file = `${folder}/packages.ext4`;
    await makeDisk(file, 1024, options, `${root}/node_modules`);
  });
  return `${folder}/packages.ext4`;
}

/** Makes an ext4 disk, with a folder's content if one is named. */
export async function makeDisk(
  file: string,
  megabytes: number,
  { signal }: DiskOptions,
  content?: string,
): Promise<void> {
  const from = content === undefined ? [] : ["-d", content];
  const options = ["-q", "-t", "ext4", "-m", "0", "-E", "lazy_itable_init=0"];
  await runTool(["mke2fs", ...options, ...from, file, `${megabytes}M`], {
    holder: "e2fsprogs",
    signal,
  });
}

function codename(): string | null {
  try {
    const text = Deno.readTextFileSync("/etc/os-release");
    return /^ID=["']?debian/m.test(text)
      ? /^VERSION_CODENAME=["']?(\w+)/m.exec(text)?.[1] ?? null
      : null;
  } catch {
    return null;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
