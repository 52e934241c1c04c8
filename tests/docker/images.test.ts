/** `./lab images` as a user types it, with engines that are made up: what it refuses, and how it ends. */
import { describe, expect, test } from "vitest";
import { ROOT } from "../cli/lab_stage.ts";
import { type Answers, failingBuild, useFakeEngine } from "./fake_engine.ts";
import { line, PATIENCE, useImages } from "./images_stage.ts";

const stage = useImages();
const engine = useFakeEngine();
const fakeEngine = (version: string, answers?: Answers) =>
  engine.serve(stage.folder, version, answers);

describe("without a good engine, `lab images` ends with status 3 and one line", () => {
  test("none", async () => {
    const result = await stage.images([], { DOCKER_HOST: `unix://${stage.folder}/none.sock` })
      .end();
    expect(result).toMatchObject(line(3, /^lab: Install Docker and start it: [^\n]+\n$/));
  });

  test.skipIf(Deno.uid() !== 0)("one that is not the user's to use", async () => {
    const host = fakeEngine("20.10.24");
    Deno.chmodSync(stage.folder, 0o755);
    Deno.chmodSync(`${stage.folder}/docker.sock`, 0o600);
    const user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const result = await stage.images([], {
      DOCKER_HOST: host,
      HOME: stage.folder,
      DENO_DIR: "/nowhere",
    }, user)
      .end();
    expect(result).toMatchObject(line(3, /^lab: Join the group that may use Docker [^\n]+\n$/));
  });

  test("one that is too old", async () => {
    const result = await stage.images([], { DOCKER_HOST: fakeEngine("19.03.15") }).end();
    expect(result).toMatchObject(
      line(3, /^lab: Update Docker to 20\.10 or newer: the engine here is 19\.03\.15\n$/),
    );
  });

  test("one with a full disk", async () => {
    const host = fakeEngine(
      "20.10.24",
      failingBuild("write /var/lib/docker/x: no space left on device"),
    );
    expect(await stage.images([], { DOCKER_HOST: host }).end()).toMatchObject(
      line(3, /^lab: Make room where Docker keeps its images, [^\n]+\n$/),
    );
  });

  test("one that goes away", async () => {
    const host = fakeEngine("20.10.24", [[/^POST \/build/, () => {
      engine.stop();
      throw new Error("gone");
    }]]);
    const result = await stage.images([], { DOCKER_HOST: host }).end();
    expect(result.status).toBe(3);
    expect(result.err.match(/^lab: .*\n$/)).not.toBeNull();
  });

  test("one out of reach of any registry, where mmdebstrap is missing", async () => {
    const host = fakeEngine(
      "20.10.24",
      failingBuild("dial tcp: lookup registry.example: no such host"),
    );
    for (const name of ["sh", "readlink", "dirname"]) {
      Deno.symlinkSync(await which(name), `${stage.folder}/${name}`);
    }
    expect(await stage.images([], { DOCKER_HOST: host, PATH: stage.folder }).end()).toMatchObject(
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
    const result = await stage.images(args, { DOCKER_HOST: fakeEngine("20.10.24") }).end();
    expect(result).toMatchObject(line(2, pattern));
    expect(result.err.trim()).not.toContain("\n");
    expect(stage.names()).toEqual(["docker.sock"]);
  });

  test.each([
    [
      "a text",
      async () => await Deno.writeTextFile(`${stage.folder}/x.tar`, "no archive\n".repeat(100)),
      /none/,
    ],
    ["an empty file", async () => await Deno.writeTextFile(`${stage.folder}/x.tar`, ""), /none/],
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
    const result = await stage.images(["--load", "x.tar"], { DOCKER_HOST: fakeEngine("20.10.24") })
      .end();
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
  const result = await stage.images(["--save", "x.tar"], { DOCKER_HOST: host }).end();
  expect(result.status).toBe(3);
  expect(stage.names()).toEqual(["docker.sock"]);
});

test("Ctrl-C ends it with status 130 and leaves no folder and no mmdebstrap", async () => {
  const tools = `${stage.folder}/tools`;
  Deno.mkdirSync(tools);
  const script =
    `#!/bin/sh\necho $$ >${stage.folder}/pid\necho 'I: running apt-get update...' >&2\nexec sleep 600\n`;
  Deno.writeTextFileSync(`${tools}/mmdebstrap`, script, { mode: 0o755 });
  const lab = stage.images(["--offline"], {
    DOCKER_HOST: fakeEngine("20.10.24"),
    PATH: `${tools}:${Deno.env.get("PATH")}`,
    TMPDIR: stage.folder,
  });
  await lab.printed(/fetching the list of Debian packages/);
  lab.signal("SIGINT");
  expect(await lab.end()).toMatchObject(
    line(130, /^lab: interrupted; nothing half-done is left\n$/),
  );
  const pid = Deno.readTextFileSync(`${stage.folder}/pid`).trim();
  expect(() => Deno.statSync(`/proc/${pid}`)).toThrow();
  expect(stage.names()).toEqual([
    "docker.sock",
    "pid",
    "tools",
  ]);
}, PATIENCE);

/** An archive of these files: names and contents in turn. */
async function tar(...files: string[]): Promise<void> {
  const names = [];
  for (let i = 0; i < files.length; i += 2) {
    await Deno.writeTextFile(`${stage.folder}/${files[i]}`, files[i + 1]!);
    names.push(files[i]!);
  }
  const args = ["-cf", "x.tar", ...names];
  expect((await new Deno.Command("tar", { args, cwd: stage.folder }).output()).success).toBe(true);
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
