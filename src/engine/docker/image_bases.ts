/**
 * The bases of images where no image registry can be reached: an unpacked tree of Debian packages, by mmdebstrap, and
 * Deno's binary, this machine's own or of its npm package. Both for any architecture: nothing of them is run here.
 */
import { MachineError } from "../machine_error.ts";
import type { TarFile } from "./image_tar.ts";
import { runTool } from "./image_tool.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../temporary_folder.ts";
import { debianStage } from "./image_progress.ts";
import { readVersions } from "./image_recipe.ts";

/** The release of Debian that the Dockerfiles' own base is of. */
const SUITE = "trixie";

/** What making bases takes besides the checkout. */
export interface BasesOptions {
  /** What Debian is asked for. */
  packages: readonly string[];
  /** Architectures as Debian and Docker call them: that of the engine, and that of the images. */
  architectures: readonly string[];
  /** Where to find commands; the machine's own PATH unless given. */
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** What is being done, for the user. */
  onStage?: (text: string) => void;
}

/** Bases in a temporary folder, which is gone once they are disposed of. */
export class Bases implements AsyncDisposable {
  private constructor(readonly place: TemporaryFolder, readonly files: readonly TarFile[]) {}

  /**
   * Makes the bases.
   *
   * @throws {MachineError} Where a tool is missing or fails, packages cannot be fetched, or the disk is full.
   */
  static async make(root: string, options: BasesOptions): Promise<Bases> {
    const place = makeTemporaryFolder("images");
    const { folder } = place;
    const bases = new Bases(
      place,
      options.architectures.flatMap((architecture) => [
        { path: `.bases/${architecture}/packages.tar`, content: `${folder}/${architecture}.tar` },
        {
          path: `.bases/${architecture}/deno`,
          content: `${folder}/${architecture}/deno`,
          executable: true,
        },
      ]),
    );
    try {
      for (const architecture of options.architectures) {
        await unpackPackages(architecture, folder, options);
        await provideDeno(root, architecture, folder, options);
      }
      return bases;
    } catch (error) {
      await bases[Symbol.asyncDispose]();
      options.signal?.throwIfAborted();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.place[Symbol.dispose]();
    return Promise.resolve();
  }
}

async function unpackPackages(
  architecture: string,
  folder: string,
  options: BasesOptions,
): Promise<void> {
  const mirror = await ownMirror(options);
  // The packages' own scripts stay out of it: so it takes no root, and no emulation of another architecture.
  const args = [
    "--variant=extract",
    // What it would change its root directory for is left out: an ordinary user can do the rest.
    ...(Deno.uid() === 0 ? [] : ["--mode=chrootless"]),
    `--architectures=${architecture}`,
    `--include=${options.packages.join(",")}`,
    "--skip=output/dev",
    SUITE,
    `${folder}/${architecture}.tar`,
    ...(mirror === null ? [] : [mirror]),
  ];
  const { code, lines } = await runTool("mmdebstrap", args, {
    ...options,
    folder,
    onLine(line) {
      const stage = debianStage(line);
      if (stage !== null) options.onStage?.(stage);
    },
  });
  if (code === 0) return;
  throw mmdebstrapFault(lines);
}

/** Returns why mmdebstrap failed, by its own words, as what to do about it. Pure. */
export function mmdebstrapFault(lines: readonly string[]): MachineError {
  const said = lines.join("\n");
  if (/No space left|os error 28/i.test(said)) {
    return new MachineError("Make room for temporary files (TMPDIR): the disk is full");
  }
  if (/newuidmap|newgidmap|subuid|unshare|chroot mode automatically/i.test(said)) {
    return new MachineError(
      "Run ./lab images as root, or install uidmap (sudo apt-get install uidmap): mmdebstrap needs one of them",
      { packages: ["uidmap"] },
    );
  }
  if (/NO_PUBKEY|not signed|keyring/i.test(said)) {
    return new MachineError(
      "Install debian-archive-keyring (sudo apt-get install debian-archive-keyring): Debian's signatures cannot be checked",
      { packages: ["debian-archive-keyring"] },
    );
  }
  const reason = lines.findLast((line) => /^(?:E:|Err:|W: Failed|Could not)/.test(line)) ??
    lines.at(-1);
  if (
    /Could not resolve|Unable to connect|Temporary failure|Failed to fetch|Network is unreachable|apt-get update/i
      .test(said)
  ) {
    return new MachineError(
      `Go online, or load an archive with ./lab images --load FILE: Debian's packages cannot be fetched (${
        short(reason)
      })`,
    );
  }
  return new MachineError(`Look at what mmdebstrap says: ${short(reason)}`);
}

/** The mirror that this machine gets its own Debian packages from; null where it does not tell one. */
async function ownMirror(options: BasesOptions): Promise<string | null> {
  try {
    const format = "$(ORIGIN) $(COMPONENT) $(REPO_URI) $(SUITE)";
    const { lines } = await runTool("apt-get", [
      "indextargets",
      "--format",
      format,
      "Created-By: Packages",
    ], options);
    for (const line of lines) {
      const match = /^Debian main (https?:\/\/\S+) (?!.*(?:security|updates|backports))/.exec(line);
      if (match) return match[1]!;
    }
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
  }
  return null;
}

async function provideDeno(
  root: string,
  architecture: string,
  folder: string,
  options: BasesOptions,
): Promise<void> {
  const { deno } = readVersions(root);
  Deno.mkdirSync(`${folder}/${architecture}`);
  const target = `${folder}/${architecture}/deno`;
  const own = { x86_64: "amd64", aarch64: "arm64" }[Deno.build.arch as string];
  const ours = Deno.build.os === "linux" && own === architecture;
  if (ours && Deno.version.deno === deno) return await Deno.copyFile(Deno.execPath(), target);
  const platform = { amd64: "x64", arm64: "arm64" }[architecture] ?? architecture;
  const name = `@deno/linux-${platform}-glibc`;
  options.onStage?.(`fetching Deno ${deno} for ${architecture}`);
  const place = `${folder}/npm-${architecture}`;
  Deno.mkdirSync(place);
  const imports = { deno: `npm:${name}@${deno}` };
  Deno.writeTextFileSync(`${place}/deno.json`, JSON.stringify({ nodeModulesDir: "auto", imports }));
  const { code, lines } = await runTool(Deno.execPath(), ["install", "--quiet"], {
    ...options,
    env: { ...options.env, DENO_DIR: `${place}/cache`, NO_COLOR: "1" },
    cwd: place,
  });
  // The launcher takes a newer one, too.
  if (code !== 0 && ours) return await Deno.copyFile(Deno.execPath(), target);
  if (code !== 0) {
    const reason = lines.find((line) => /error/i.test(line))?.replace(/^.*?error:? */i, "");
    throw new MachineError(
      `Go online and try again: Deno ${deno} for ${architecture} cannot be fetched from npm (${
        short(reason)
      })`,
    );
  }
  await Deno.rename(
    `${place}/node_modules/.deno/${name.replace("/", "+")}@${deno}/node_modules/${name}/deno`,
    target,
  );
  await Deno.remove(place, { recursive: true });
}

function short(text = "it does not say why"): string {
  return text.replace(/^(?:E|W): /, "").replace(/\s+/g, " ").slice(0, 160);
}
