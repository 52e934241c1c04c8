/** `./lab images` as a user types it, and what the images it builds are like. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openImages } from "../../src/engine/mod.ts";
import { ROOT, type RunningLab } from "../cli/lab_stage.ts";
import { docker } from "./docker_cli.ts";
import { useDockerStage } from "./docker_stage.ts";
import { describeDocker } from "./engine.ts";
import { noOwnEngine, OwnEngine } from "./own_engine.ts";

const { version } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { version: string };
const patience = 120_000;
const context = useDockerStage();

/** What an engine that is made up answers, by `METHOD /path` without the API's version; the first that fits. */
type Answers = [RegExp, (request: Request) => Response | Promise<Response>][];

let folder: string;
let served: Deno.HttpServer | undefined;
beforeEach(() => {
  folder = Deno.makeTempDirSync({ prefix: "socklab-images-test-" });
});
afterEach(async () => {
  await served?.shutdown();
  served = undefined;
  Deno.removeSync(folder, { recursive: true });
});

/** Serves an engine that is made up; returns where, as DOCKER_HOST has it. */
function fakeEngine(engine: string, answers: Answers = []): string {
  const path = `${folder}/docker.sock`;
  const found: Answers = [...answers, [
    /^GET \/version/,
    () => Response.json({ Version: engine, ApiVersion: "1.41", Os: "linux", Arch: "amd64" }),
  ]];
  const onError = () => new Response(null, { status: 500 });
  served = Deno.serve({ path, onListen() {}, onError }, async (request) => {
    const line = `${request.method} ${new URL(request.url).pathname.replace(/^\/v1\.\d+/, "")}`;
    const answer = found.find(([pattern]) => pattern.test(line))?.[1];
    if (answer) return await answer(request);
    return Response.json({ message: `no such thing: ${line}` }, { status: 404 });
  });
  return `unix://${path}`;
}

/** A build that ends in these words. */
function failingBuild(error: string): Answers {
  return [[/^POST \/build/, async (request) => {
    await request.arrayBuffer();
    return new Response(`${JSON.stringify({ error })}\r\n`);
  }]];
}

function images(
  args: string[],
  env: Record<string, string> = {},
  within: string[] = [],
): RunningLab {
  return context.stage.start(["images", ...args], { env, within, cwd: folder });
}

const line = (status: number, pattern: RegExp) => ({ status, err: expect.stringMatching(pattern) });

describe("without a good engine, `lab images` ends with status 3 and one line", () => {
  test("none", async () => {
    const result = await images([], { DOCKER_HOST: `unix://${folder}/none.sock` }).end();
    expect(result).toMatchObject(line(3, /^lab: Install Docker and start it: [^\n]+\n$/));
  });

  test.skipIf(Deno.uid() !== 0)("one that is not the user's to use", async () => {
    const host = fakeEngine("20.10.24");
    Deno.chmodSync(folder, 0o755);
    Deno.chmodSync(`${folder}/docker.sock`, 0o600);
    const user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const result = await images([], { DOCKER_HOST: host, HOME: folder, DENO_DIR: "/nowhere" }, user)
      .end();
    expect(result).toMatchObject(line(3, /^lab: Join the group that may use Docker [^\n]+\n$/));
  });

  test("one that is too old", async () => {
    const result = await images([], { DOCKER_HOST: fakeEngine("19.03.15") }).end();
    expect(result).toMatchObject(
      line(3, /^lab: Update Docker to 20\.10 or newer: the engine here is 19\.03\.15\n$/),
    );
  });

  test("one with a full disk", async () => {
    const host = fakeEngine(
      "20.10.24",
      failingBuild("write /var/lib/docker/x: no space left on device"),
    );
    expect(await images([], { DOCKER_HOST: host }).end()).toMatchObject(
      line(3, /^lab: Make room where Docker keeps its images, [^\n]+\n$/),
    );
  });

  test("one that goes away", async () => {
    const host = fakeEngine("20.10.24", [[/^POST \/build/, () => {
      served!.shutdown();
      throw new Error("gone");
    }]]);
    const result = await images([], { DOCKER_HOST: host }).end();
    expect(result.status).toBe(3);
    expect(result.err.match(/^lab: .*\n$/)).not.toBeNull();
  });

  test("one out of reach of any registry, where mmdebstrap is missing", async () => {
    const host = fakeEngine(
      "20.10.24",
      failingBuild("dial tcp: lookup registry.example: no such host"),
    );
    for (const name of ["sh", "readlink", "dirname"]) {
      Deno.symlinkSync(await which(name), `${folder}/${name}`);
    }
    expect(await images([], { DOCKER_HOST: host, PATH: folder }).end()).toMatchObject(
      line(3, /^lab: taking Debian packages [^\n]+\nlab: Install mmdebstrap \([^\n]+\n$/),
    );
  });
});

describe("what is asked for in vain ends `lab images` with status 2 and one line", () => {
  test.each([
    [["--save", "nowhere/x.tar"], /^lab: Make the folder nowhere first/],
    [
      ["--save", "."],
      /^lab: Name a file for the archive, such as socklab\.tar\.gz: \. is a folder/,
    ],
    [["--save", "/dev/null"], /^lab: Name a file for the archive, .*: \/dev\/null is no file/],
    [
      ["--save", "/proc/x.tar"],
      /^lab: (?:Save the archive to a folder that you may write to|Make the folder \/proc)/,
    ],
    [["--load", "none.tar"], /^lab: Give an archive that is there: there is no none\.tar/],
    [["--load", "x.tar", "--save", "y.tar"], /^lab: Give --load alone/],
    [["--load", "x.tar", "--offline"], /^lab: Give --load alone/],
    [["--platform", "linux/riscv64"], /linux\/amd64/],
    [["programs"], /^lab: /],
  ])("%j", async (args, pattern) => {
    const result = await images(args, { DOCKER_HOST: fakeEngine("20.10.24") }).end();
    expect(result).toMatchObject(line(2, pattern));
    expect(result.err.trim()).not.toContain("\n");
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["docker.sock"]);
  });

  test.each([
    [
      "a text",
      async () => await Deno.writeTextFile(`${folder}/x.tar`, "no archive\n".repeat(100)),
      /none/,
    ],
    ["an empty file", async () => await Deno.writeTextFile(`${folder}/x.tar`, ""), /none/],
    ["another archive", () => tar("hello", "x"), /holds no images/],
    [
      "other images",
      () => tar("manifest.json", manifest("library/nginx:1"), "c.json", config("amd64")),
      /holds library\/nginx:1/,
    ],
    [
      "another platform's",
      () => tar("manifest.json", manifest("socklab/link:0.1.0"), "c.json", config("arm64")),
      /^lab: Give an archive for linux\/amd64 .* is for linux\/arm64/,
    ],
  ])("--load of %s", async (_, write, pattern) => {
    await write();
    const result = await images(["--load", "x.tar"], { DOCKER_HOST: fakeEngine("20.10.24") }).end();
    expect(result).toMatchObject(line(2, pattern));
    expect(result.err.trim()).not.toContain("\n");
  });
});

test("an archive that the engine breaks off leaves no file", async () => {
  const host = fakeEngine("20.10.24", [
    [/^GET \/images\/get/, () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new Uint8Array(100_000));
            setTimeout(() => controller.error(new Error("broken off, as the test wants it")), 20);
          },
        }),
      )],
    [/^GET \/images\/socklab.*json/, (request) => inspected(request)],
  ]);
  const result = await images(["--save", "x.tar"], { DOCKER_HOST: host }).end();
  expect(result.status).toBe(3);
  expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["docker.sock"]);
});

test("Ctrl-C ends it with status 130 and leaves no folder and no mmdebstrap", async () => {
  const tools = `${folder}/tools`;
  Deno.mkdirSync(tools);
  const script =
    `#!/bin/sh\necho $$ >${folder}/pid\necho 'I: running apt-get update...' >&2\nexec sleep 600\n`;
  Deno.writeTextFileSync(`${tools}/mmdebstrap`, script, { mode: 0o755 });
  const lab = images(["--offline"], {
    DOCKER_HOST: fakeEngine("20.10.24"),
    PATH: `${tools}:${Deno.env.get("PATH")}`,
    TMPDIR: folder,
  });
  await lab.printed(/fetching the list of Debian packages/);
  lab.signal("SIGINT");
  expect(await lab.end()).toMatchObject(
    line(130, /^lab: interrupted; nothing half-done is left\n$/),
  );
  const pid = Deno.readTextFileSync(`${folder}/pid`).trim();
  expect(() => Deno.statSync(`/proc/${pid}`)).toThrow();
  expect([...Deno.readDirSync(folder)].map(({ name }) => name).sort()).toEqual([
    "docker.sock",
    "pid",
    "tools",
  ]);
}, patience);

describeDocker("the images", () => {
  const name = (image: string) => `socklab/${image}:${version}`;
  const facts = async (image: string) =>
    JSON.parse(await docker("image", "inspect", name(image)))[0] as {
      Size: number;
      Config: {
        User: string;
        Entrypoint: string[] | null;
        Labels: Record<string, string>;
        Env: string[];
      };
    };
  /** As a lab's programs run. */
  const confined = [
    ...["run", "--rm", "--read-only", "--user", "12345:12345", "--network", "none"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  ];

  beforeEach(async () => {
    expect(await images([]).end()).toMatchObject({ status: 0 });
  }, patience);

  test("are small", async () => {
    expect((await facts("programs")).Size).toBeLessThan(110e6);
    expect((await facts("link")).Size).toBeLessThan(250e6);
  }, patience);

  test("run as nobody of importance, and say what they are", async () => {
    const { Config } = await facts("programs");
    expect(Config).toMatchObject({ User: "1000:1000", Entrypoint: null });
    expect(Config.Labels).toMatchObject({
      "org.opencontainers.image.title": "socklab programs",
      "org.opencontainers.image.version": version,
      "org.opencontainers.image.licenses": "MIT",
    });
  }, patience);

  test("have a system that suffices: a shell, ping without any capability, accounts", async () => {
    const out = await docker(
      ...confined,
      name("programs"),
      "sh",
      "-c",
      "id -u; ping -c 1 -q 127.0.0.1; ls -A /tmp",
    );
    expect(out).toMatch(/^12345\n/);
    expect(out).toMatch(/1 received, 0% packet loss/);
  }, patience);

  test("the link's has what a link and a look around it need", async () => {
    const line =
      "ip -V; tc -V; ss -V; tcpdump --version 2>&1 | head -n 1; cat /usr/lib/*/tc/normal.dist | wc -l";
    const out = await docker(
      "run",
      "--rm",
      "--read-only",
      "--network",
      "none",
      name("link"),
      "bash",
      "-c",
      line,
    );
    expect(out).toMatch(
      /ip utility, iproute2-[\s\S]*tc utility[\s\S]*ss utility[\s\S]*tcpdump version/,
    );
    expect(Number(out.split("\n").at(-1))).toBeGreaterThan(100);
  }, patience);

  test("start without transpiling", async () => {
    // Where Deno can write, whatever it transpiles is newer than the mark.
    const script = "cp -r $DENO_DIR /tmp/d; : >/tmp/mark; export DENO_DIR=/tmp/d; " +
      "deno cache --no-config --no-lock -q /socklab/src/link/main.ts /socklab/scripts/*.ts; " +
      "deno cache --no-config --import-map=$LAB_IMPORTS -q /socklab/labs/*/solution/*.ts; " +
      "find /tmp/d/gen -type f | wc -l; find /tmp/d/gen -type f -newer /tmp/mark";
    const out = await docker(...confined, "--tmpfs", "/tmp", name("programs"), "sh", "-c", script);
    const [count, ...anew] = out.split("\n");
    expect(Number(count)).toBeGreaterThan(100);
    expect(anew).toEqual([]);
  }, patience);

  test("start our own program, and a lab's, without a word but its own", async () => {
    const run = (...argv: string[]) =>
      new Deno.Command("docker", { args: [...confined, name("programs"), ...argv], stdin: "null" })
        .output();
    const own = await run(
      "deno",
      "run",
      "-A",
      "--no-config",
      "/socklab/scripts/lab.ts",
      "--version",
    );
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    expect([text(own.stdout), text(own.stderr)]).toEqual([
      expect.stringContaining(`socklab ${version} `),
      "",
    ]);
    const client = "/socklab/labs/lab3-udp-uppercase/solution/client.ts";
    const flags = [
      "--no-prompt",
      "--unstable-net",
      "--no-config",
      "--import-map=/opt/socklab/imports.json",
    ];
    const asked = await run(
      "deno",
      "run",
      ...flags,
      "--allow-net",
      "--allow-env",
      client,
      "--host",
      "127.0.0.1",
      "--count",
      "0",
    );
    expect([asked.code, text(asked.stderr)]).toEqual([
      2,
      expect.stringMatching(/^client: --count [^\n]+\n$/),
    ]);
  }, patience);

  test(
    "an image that is ready is left alone; one of another recipe is stale, until it is built again",
    async () => {
      await using copy = await checkoutCopy();
      const store = await openImages();
      const states = async (root: string) => {
        const planned: string[] = [];
        await store.build({
          root,
          onPlan: (images) => {
            planned.push(...images.map(({ name, state }) => `${name} ${state}`));
            throw new Error("that will do");
          },
        }).catch(() => {});
        return planned;
      };
      expect(await states(copy.root)).toEqual([]);
      Deno.writeTextFileSync(`${copy.root}/src/netem/mod.ts`, "// changed\n", { append: true });
      expect(await states(copy.root)).toEqual([]);
      Deno.writeTextFileSync(`${copy.root}/images/link/Dockerfile`, "# changed\n", {
        append: true,
      });
      expect(await states(copy.root)).toEqual(["link stale"]);
    },
    patience,
  );

  test.each(["x.tar", "x.tar.gz"])("--save to %s, and --load says what it held", async (file) => {
    const saved = await images(["--save", file]).end();
    expect(saved).toMatchObject({ status: 0 });
    expect(saved.out).toMatch(new RegExp(`^saved +${file}  [\\d.]+ MB, for linux/\\w+$`, "m"));
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual([file]);
    const loaded = await images(["--load", file]).end();
    expect(loaded.status).toBe(0);
    for (const image of ["programs", "link", "reaper"]) {
      expect(loaded.out).toMatch(new RegExp(`^loaded +${name(image)} +linux/\\w+$`, "m"));
    }
  }, patience);

  test("what was built elsewhere for this platform gets the name that it has here", async () => {
    const { Architecture } = JSON.parse(await docker("image", "inspect", name("programs")))[0];
    const local = `socklab/test${crypto.randomUUID().slice(0, 8)}:1`;
    const foreign = `${local}-${Architecture}`;
    await docker("tag", name("reaper"), foreign);
    await docker("save", "--output", `${folder}/x.tar`, foreign);
    await docker("image", "rm", foreign);
    try {
      expect(await images(["--load", "x.tar"]).end()).toMatchObject({
        status: 0,
        out: expect.stringContaining(`${local} `),
      });
      expect(await docker("images", "--quiet", foreign)).toBe("");
    } finally {
      await docker("image", "rm", local);
    }
  }, patience);

  describe.skipIf(noOwnEngine !== "")(`on another engine ${noOwnEngine}`.trim(), () => {
    test("--load gives it all images, and it runs programs with them", async () => {
      expect(await images(["--save", "x.tar.gz"]).end()).toMatchObject({ status: 0 });
      await using engine = await OwnEngine.start();
      const host = { DOCKER_HOST: engine.host };
      expect(await images(["--load", "x.tar.gz"], host).end()).toMatchObject({ status: 0 });
      const there = await images([], host).end();
      expect(there.out.split("\n").map((line) => line.split(" ")[0]))
        .toEqual(["ready", "ready", "ready", ""]);
      expect(await engine.docker(...confined, name("programs"), "deno", "--version"))
        .toMatch(/^deno /);
    }, patience);

    test("--load says to make room where its disk is full", async () => {
      expect(await images(["--save", "x.tar"]).end()).toMatchObject({ status: 0 });
      await using engine = await OwnEngine.start({ megabytes: 60 });
      const result = await images(["--load", "x.tar"], { DOCKER_HOST: engine.host }).end();
      expect(result).toMatchObject(
        line(3, /^lab: Make room where Docker keeps its images, [^\n]+: the disk is full\n$/),
      );
    }, patience);
  });
});

/** An archive of these files: names and contents in turn. */
async function tar(...files: string[]): Promise<void> {
  const names = [];
  for (let i = 0; i < files.length; i += 2) {
    await Deno.writeTextFile(`${folder}/${files[i]}`, files[i + 1]!);
    names.push(files[i]!);
  }
  const args = ["-cf", "x.tar", ...names];
  expect((await new Deno.Command("tar", { args, cwd: folder }).output()).success).toBe(true);
}

function manifest(tag: string): string {
  return JSON.stringify([{ Config: "c.json", RepoTags: [tag], Layers: [] }]);
}

function config(architecture: string): string {
  return JSON.stringify({ os: "linux", architecture });
}

/** What an engine says of an image that is as the checkout wants it. */
async function inspected(request: Request): Promise<Response> {
  const tag = decodeURIComponent(
    new URL(request.url).pathname.replace(/^.*\/images\/|\/json$/g, ""),
  );
  const image = /socklab\/(\w+):/.exec(tag)![1]!;
  const { recipeHash } = await import(
    new URL("../../src/engine/docker/image_recipe.ts", import.meta.url).href
  );
  const Labels = { "socklab.recipe": await recipeHash(ROOT, image) };
  return Response.json({
    Id: tag,
    Os: "linux",
    Architecture: "amd64",
    Size: 1,
    RepoTags: [tag],
    Config: { Labels },
  });
}

async function which(name: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** A copy of what images are built from. */
async function checkoutCopy(): Promise<AsyncDisposable & { root: string }> {
  const root = Deno.makeTempDirSync({ prefix: "socklab-images-test-" });
  const args = ["-R", "deno.json", "images", "labs", "scripts", "src", "types", root];
  expect((await new Deno.Command("cp", { args, cwd: ROOT }).output()).success).toBe(true);
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}
