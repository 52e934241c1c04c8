import type Docker from "dockerode";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IMAGES, readVersions, RECIPE_LABEL, recipeHash } from "./image_recipe.ts";
import { staleNotice } from "./image_stale.ts";
import { buildImages, type BuildImagesOptions, ensureImages, imageStates } from "./images.ts";

const root = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const tag = (name: string) => `socklab/${name}:${readVersions(root).socklab}`;
const noRegistry = "failed to do request: Head: dial tcp: lookup registry.example: no such host";

let folder: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

/** An engine that is made up: images by their tags, and what it answers to a build. */
class FakeDocker {
  readonly images = new Map<string, { recipe?: string; architecture: string }>();
  readonly builds: { tag: string; files: string[]; args: Record<string, string> }[] = [];
  /** The words in which a build fails; empty where it succeeds. */
  failing: (args: Record<string, string>) => string = () => "";

  get client(): Docker {
    return this as unknown as Docker;
  }
  /** Throws what a build's request ends with before it is begun. */
  breaking: (session: boolean) => unknown = () => null;
  /** Whether the registry that is asked never answers. */
  silent = false;

  ping() {
    return Promise.resolve("OK");
  }
  version() {
    return Promise.resolve({ Version: "20.10.24", Os: "linux", Arch: "amd64" });
  }
  getImage(name: string) {
    return {
      inspect: () => {
        const found = this.images.get(name);
        return found
          ? Promise.resolve({
            Id: name,
            Os: "linux",
            Architecture: found.architecture,
            Size: 1e8,
            RepoTags: [name],
            Config: { Labels: { [RECIPE_LABEL]: found.recipe } },
          })
          : Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 }));
      },
    };
  }
  async buildImage(
    context: AsyncIterable<Uint8Array>,
    options: {
      t: string;
      platform: string;
      buildargs: Record<string, string>;
      version: unknown;
      abortSignal: AbortSignal;
    },
  ) {
    const broken = this.breaking(options.version === "2");
    if (broken !== null) throw broken;
    const files: string[] = [];
    for await (const piece of context) {
      // Headers are pieces of their own, with the file's name first.
      if (piece.length === 512 && piece[257] === 0x75) {
        files.push(new TextDecoder().decode(piece).split("\0")[0]!);
      }
    }
    const { t, buildargs, platform } = options;
    this.builds.push({ tag: t, files, args: buildargs });
    if (this.silent && buildargs.BASES === "pulled") return asking(options.abortSignal);
    const error = this.failing(buildargs);
    if (error === "") {
      this.images.set(t, {
        recipe: buildargs.RECIPE,
        architecture: platform.replace("linux/", ""),
      });
    }
    return Readable.from([
      new TextEncoder().encode(error === "" ? '{"stream":"ok"}\n' : JSON.stringify({ error })),
    ]);
  }
}

/** What BuildKit tells of a registry that it has asked, and then nothing more. */
function asking(signal: AbortSignal): Readable {
  const bytes = (text: string) => [...new TextEncoder().encode(text)];
  const field = (number: number, content: number[]) => [number * 8 + 2, content.length, ...content];
  const name = "[internal] load metadata for docker.io/library/debian:13.1-slim";
  const step = [...field(1, bytes("sha256:a")), ...field(3, bytes(name)), ...field(5, [8, 1])];
  const aux = Uint8Array.from(field(1, step)).toBase64();
  return Readable.from((async function* () {
    yield new TextEncoder().encode(`${JSON.stringify({ id: "moby.buildkit.trace", aux })}\n`);
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  })());
}

/** Has all images, as the checkout wants them. */
async function equipped(): Promise<FakeDocker> {
  const docker = new FakeDocker();
  for (const name of IMAGES) {
    docker.images.set(tag(name), { recipe: await recipeHash(root, name), architecture: "amd64" });
  }
  return docker;
}

/** An environment in which these commands are what is found. */
function commands(scripts: Record<string, string>): { PATH: string } {
  for (const [name, script] of Object.entries(scripts)) {
    Deno.writeTextFileSync(`${folder}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return { PATH: folder };
}

/** Writes an empty archive where mmdebstrap is told to. */
const fakeMmdebstrap = {
  mmdebstrap: 'for word; do case $word in /*.tar) : >"$word" ;; esac; done',
};

describe("imageStates()", () => {
  test("tells ready, stale and missing apart", async () => {
    const docker = await equipped();
    docker.images.get(tag("link"))!.recipe = "another";
    docker.images.delete(tag("reaper"));
    const states = await imageStates(docker.client);
    expect(states.map(({ name, state }) => [name, state])).toEqual([
      ["programs", "ready"],
      ["link", "stale"],
      ["reaper", "missing"],
    ]);
  });

  test("takes one for another platform for stale, and does not know one without our label", async () => {
    const docker = await equipped();
    delete docker.images.get(tag("programs"))!.recipe;
    docker.images.get(tag("link"))!.architecture = "arm64";
    const states = await imageStates(docker.client, { names: ["programs", "link"] });
    expect(states.map(({ state }) => state)).toEqual(["unknown", "stale"]);
  });
});

describe("buildImages()", () => {
  test("builds nothing where all are ready", async () => {
    const docker = await equipped();
    await buildImages(docker.client);
    expect(docker.builds).toEqual([]);
  });

  test("builds what is missing, in order, of pulled bases, and gives none with the context", async () => {
    const docker = new FakeDocker();
    const built: string[] = [];
    await buildImages(docker.client, { onBuilt: ({ name }) => built.push(name) });
    expect(built).toEqual(["programs", "link", "reaper"]);
    for (const { args, files } of docker.builds) {
      expect(args.BASES).toBe("pulled");
      expect(files).toContain("deno.json");
      expect(files.filter((path) => path.startsWith(".bases/"))).toEqual([]);
    }
    expect(docker.builds[2]!.args.PROGRAMS).toBe(tag("programs"));
    expect((await imageStates(docker.client)).every(({ state }) => state === "ready")).toBe(true);
  });

  test("takes Debian packages where no registry gives bases, says so once, and leaves no folder", async () => {
    const docker = new FakeDocker();
    docker.failing = ({ BASES }) => BASES === "pulled" ? noRegistry : "";
    const notices: string[] = [];
    const env = commands(fakeMmdebstrap);
    const before = temporary();
    await buildImages(docker.client, { env, onNotice: (line) => notices.push(line) });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/Debian packages .*no such host/);
    expect(docker.builds.map(({ args }) => args.BASES)).toEqual([
      "pulled",
      "given",
      "given",
      "given",
    ]);
    expect(docker.builds[1]!.files).toContain(".bases/amd64/packages.tar");
    expect(docker.builds[1]!.files).toContain(".bases/amd64/deno");
    expect(temporary()).toEqual(before);
  });

  test("takes Debian packages where a registry does not answer in time", async () => {
    const docker = new FakeDocker();
    docker.silent = true;
    const notices: string[] = [];
    await buildImages(docker.client, {
      patience: 0.1,
      env: commands(fakeMmdebstrap),
      onNotice: (line) => notices.push(line),
    });
    expect(notices).toEqual([expect.stringMatching(/\(it does not answer within 0\.1 s\)$/)]);
  });

  test("builds again where the connection broke and the engine is there", async () => {
    const docker = new FakeDocker();
    let count = 0;
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    docker.breaking = () => count++ === 0 ? reset : null;
    await buildImages(docker.client, { names: ["programs"] });
    expect(docker.builds).toHaveLength(1);
    docker.images.clear();
    docker.breaking = () => reset;
    await expect(buildImages(docker.client, { names: ["programs"] })).rejects.toThrow(
      /^Start Docker again/,
    );
  });

  test("does without a session where an engine knows none", async () => {
    const docker = new FakeDocker();
    const unknown = Object.assign(new Error("no such page"), { statusCode: 404 });
    docker.breaking = (session) => session ? unknown : null;
    await buildImages(docker.client, { names: ["programs"] });
    expect(docker.builds).toHaveLength(1);
  });

  test("asks no registry with `offline`", async () => {
    const docker = new FakeDocker();
    await buildImages(docker.client, { offline: true, env: commands(fakeMmdebstrap) });
    expect(new Set(docker.builds.map(({ args }) => args.BASES))).toEqual(new Set(["given"]));
  });

  test("says to install mmdebstrap where there is none", async () => {
    const docker = new FakeDocker();
    docker.failing = () => noRegistry;
    await expect(buildImages(docker.client, { env: commands({}) })).rejects.toMatchObject({
      name: "MachineError",
      message: expect.stringMatching(/^Install mmdebstrap \(sudo apt-get install mmdebstrap\)/),
      packages: ["mmdebstrap"],
    });
  });

  test("says what mmdebstrap lacks as an ordinary user", async () => {
    const env = commands({ mmdebstrap: 'echo "E: newuidmap 5 0 1000 1 failed" >&2; exit 1' });
    await expect(buildImages(new FakeDocker().client, { offline: true, env })).rejects
      .toThrow(/^Run \.\/lab images as root, or install uidmap/);
  });

  test("ends mmdebstrap when it is aborted, and leaves no folder", async () => {
    const before = temporary();
    const controller = new AbortController();
    // It says that it has begun, and would then wait for ever.
    const env = commands({
      mmdebstrap: 'echo "I: running apt-get update..." >&2; exec /bin/sleep 600',
    });
    const building = buildImages(new FakeDocker().client, {
      offline: true,
      env,
      signal: controller.signal,
      onStage: (_, { text }) => /list of Debian packages/.test(text) && controller.abort(),
    });
    await expect(building).rejects.toMatchObject({ name: "AbortError" });
    expect(temporary()).toEqual(before);
  });

  test("removes folders that killed ones have left", async () => {
    const { pid } = await ended();
    const left = Deno.makeTempDirSync({ prefix: `socklab-images-${pid}-` });
    await buildImages(new FakeDocker().client, { offline: true, env: commands(fakeMmdebstrap) });
    expect(temporary()).not.toContain(left.slice(left.lastIndexOf("/") + 1));
  });
});

describe("ensureImages()", () => {
  const failing = async (docker: FakeDocker, options: BuildImagesOptions = {}) => {
    docker.failing = () => noRegistry;
    const notices: string[] = [];
    const env = commands({});
    const ended = ensureImages(docker.client, {
      env,
      onNotice: (line) => notices.push(line),
      ...options,
    });
    return { notices, failed: await ended.then(() => null, (error: unknown) => error) };
  };

  test("builds the images of labs only", async () => {
    const docker = new FakeDocker();
    await ensureImages(docker.client);
    expect(docker.builds.map(({ tag }) => tag)).toEqual([tag("programs"), tag("link")]);
  });

  test("takes what Docker Compose has built as it is; buildImages() builds it anew", async () => {
    const docker = await equipped();
    docker.images.get(tag("link"))!.recipe = "";
    await ensureImages(docker.client);
    expect(docker.builds).toEqual([]);
    await buildImages(docker.client);
    expect(docker.builds.map((build) => build.tag)).toEqual([tag("link")]);
  });

  test("uses a stale one that cannot be built anew, and says so", async () => {
    const docker = await equipped();
    docker.images.get(tag("link"))!.recipe = "another";
    const { notices, failed } = await failing(docker);
    expect(failed).toBeNull();
    expect(notices.at(-1)).toMatch(/^using the older images that are there: /);
  });

  test("fails with one line where a missing one cannot be built", async () => {
    const docker = await equipped();
    docker.images.delete(tag("link"));
    const { failed } = await failing(docker);
    expect(failed).toMatchObject({ name: "MachineError" });
    expect((failed as Error).message).not.toContain("\n");
  });
});

/** Our temporary folders. */
function temporary(): string[] {
  return [...Deno.readDirSync(Deno.env.get("TMPDIR") ?? "/tmp")]
    .map(({ name }) => name).filter((name) => name.startsWith(`socklab-images-`))
    // Those of other tests that run beside this one.
    .filter((name) => name.startsWith(`socklab-images-${Deno.pid}-`) || !isAlive(name)).sort();
}

function isAlive(name: string): boolean {
  try {
    Deno.kill(Number(/\d+/.exec(name)?.[0]), "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** A process that has ended: nobody has its number now. */
async function ended(): Promise<{ pid: number }> {
  const child = new Deno.Command("true").spawn();
  await child.status;
  return child;
}

describe("staleNotice()", () => {
  const stale = { recipe: "older", architecture: "amd64" };

  test("says nothing of images that are as the checkout has them, or that Compose has built", async () => {
    const docker = await equipped();
    expect(await staleNotice(docker.client)).toBeNull();
    docker.images.set(tag("link"), { architecture: "amd64" });
    docker.images.set(tag("reaper"), stale);
    expect(await staleNotice(docker.client)).toBeNull();
  });

  test("names the stale ones, and what to do", async () => {
    const docker = await equipped();
    docker.images.set(tag("link"), stale);
    const one = `Run ./lab images, which builds anew: ${tag("link")} was built from another state`;
    expect(await staleNotice(docker.client)).toBe(`${one} of this checkout`);
    docker.images.set(tag("programs"), stale);
    expect(await staleNotice(docker.client))
      .toContain(`: ${tag("programs")} and ${tag("link")} were built from another`);
  });

  test("leaves it to who builds them where one is missing, and an engine's faults to who needs it", async () => {
    const docker = await equipped();
    docker.images.set(tag("link"), stale);
    docker.images.delete(tag("programs"));
    expect(await staleNotice(docker.client)).toBeNull();
    docker.version = () => Promise.reject(new Error("gone"));
    expect(await staleNotice(docker.client)).toBeNull();
  });
});
