import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { equipped, FakeDocker, tag } from "./fake_docker_for_test.ts";
import { IMAGES } from "./image_recipe.ts";
import { buildImages, type BuildImagesOptions, ensureImages, imageStates } from "./images.ts";

const noRegistry = "failed to do request: Head: dial tcp: lookup registry.example: no such host";

let folder: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

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
    expect(built).toEqual(IMAGES);
    for (const { args, files } of docker.builds) {
      expect(args.BASES).toBe("pulled");
      expect(files).toContain("deno.json");
      expect(files.filter((path) => path.startsWith(".bases/"))).toEqual([]);
    }
    expect(docker.builds.at(-1)!.args.PROGRAMS).toBe(tag("programs"));
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
    expect(docker.builds.map(({ args }) => args.BASES))
      .toEqual(["pulled", ...IMAGES.map(() => "given")]);
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

  test("builds a stale one upon that of today", async () => {
    const docker = await equipped();
    for (const name of ["sandbox", "python"]) docker.images.get(tag(name))!.recipe = "another";
    await ensureImages(docker.client, { names: ["python"] });
    expect(docker.builds.map(({ tag }) => tag)).toEqual([tag("sandbox"), tag("python")]);
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
