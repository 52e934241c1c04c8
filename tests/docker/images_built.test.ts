/** What the images are like that `./lab images` builds, and how they go from one engine to another. */
import { beforeEach, describe, expect, test } from "vitest";
import { openImages } from "../../src/engine/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";
import { docker } from "./docker_cli.ts";
import { describeDocker } from "./engine.ts";
import { line, PATIENCE, useImages } from "./images_stage.ts";
import { noOwnEngine, OwnEngine } from "./own_engine.ts";

const { version } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { version: string };
const stage = useImages();

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
    expect(await stage.images([]).end()).toMatchObject({ status: 0 });
  }, PATIENCE);

  test("are small", async () => {
    expect((await facts("programs")).Size).toBeLessThan(115e6);
    expect((await facts("link")).Size).toBeLessThan(250e6);
    expect((await facts("sandbox")).Size).toBeLessThan(115e6);
    expect((await facts("python")).Size).toBeLessThan(160e6);
  }, PATIENCE);

  test("run as nobody of importance, and say what they are", async () => {
    const { Config } = await facts("programs");
    expect(Config).toMatchObject({ User: "1000:1000", Entrypoint: null });
    expect(Config.Labels).toMatchObject({
      "org.opencontainers.image.title": "socklab programs",
      "org.opencontainers.image.version": version,
      "org.opencontainers.image.licenses": "MIT",
    });
  }, PATIENCE);

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
  }, PATIENCE);

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
  }, PATIENCE);

  test(
    "Python's has the whole standard library, compiled, and the zones of the world",
    async () => {
      const modules = "asyncio, bz2, ctypes, curses, dbm, hashlib, lzma, readline, socketserver, " +
        "sqlite3, ssl, zoneinfo";
      const script = `import ${modules}; import os, sys, datetime; ` +
        "print(os.path.exists(asyncio.__cached__), datetime.datetime.now().astimezone().tzname())";
      const python = (zone: string) =>
        docker(
          ...confined,
          ...["--env", `TZ=${zone}`, "--entrypoint", "python3"],
          ...[name("python"), "-W", "error", "-c", script],
        );
      expect(await python("Asia/Kathmandu")).toBe("True +0545");
      expect(await python("UTC")).toBe("True UTC");
    },
    PATIENCE,
  );

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
  }, PATIENCE);

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
  }, PATIENCE);

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
      Deno.writeTextFileSync(`${copy.root}/src/view/mod.ts`, "// changed\n", { append: true });
      expect(await states(copy.root)).toEqual([]);
      Deno.writeTextFileSync(`${copy.root}/images/link/Dockerfile`, "# changed\n", {
        append: true,
      });
      expect(await states(copy.root)).toEqual(["link stale"]);
    },
    PATIENCE,
  );

  test.each(["x.tar", "x.tar.gz"])("--save to %s, and --load says what it held", async (file) => {
    const saved = await stage.images(["--save", file]).end();
    expect(saved).toMatchObject({ status: 0 });
    expect(saved.out).toMatch(new RegExp(`^saved +${file}  [\\d.]+ MB, for linux/\\w+$`, "m"));
    expect(stage.names()).toEqual([file]);
    const loaded = await stage.images(["--load", file]).end();
    expect(loaded.status).toBe(0);
    for (const image of ["programs", "link", "sandbox", "python", "reaper"]) {
      expect(loaded.out).toMatch(new RegExp(`^loaded +${name(image)} +linux/\\w+$`, "m"));
    }
  }, PATIENCE);

  test("what was built elsewhere for this platform gets the name that it has here", async () => {
    const { Architecture } = JSON.parse(await docker("image", "inspect", name("programs")))[0];
    const local = `socklab/test${crypto.randomUUID().slice(0, 8)}:1`;
    const foreign = `${local}-${Architecture}`;
    await docker("tag", name("reaper"), foreign);
    await docker("save", "--output", `${stage.folder}/x.tar`, foreign);
    await docker("image", "rm", foreign);
    try {
      expect(await stage.images(["--load", "x.tar"]).end()).toMatchObject({
        status: 0,
        out: expect.stringContaining(`${local} `),
      });
      expect(await docker("images", "--quiet", foreign)).toBe("");
    } finally {
      await docker("image", "rm", local);
    }
  }, PATIENCE);

  describe.skipIf(noOwnEngine !== "")(`on another engine ${noOwnEngine}`.trim(), () => {
    test("--load gives it all images, and it runs programs with them", async () => {
      expect(await stage.images(["--save", "x.tar.gz"]).end()).toMatchObject({ status: 0 });
      await using engine = await OwnEngine.start();
      const host = { DOCKER_HOST: engine.host };
      expect(await stage.images(["--load", "x.tar.gz"], host).end()).toMatchObject({ status: 0 });
      const there = await stage.images([], host).end();
      expect(there.out.split("\n").map((line) => line.split(" ")[0]))
        .toEqual(["ready", "ready", "ready", "ready", "ready", ""]);
      expect(await engine.docker(...confined, name("programs"), "deno", "--version"))
        .toMatch(/^deno /);
    }, PATIENCE);

    test("--load says to make room where its disk is full", async () => {
      expect(await stage.images(["--save", "x.tar"]).end()).toMatchObject({ status: 0 });
      await using engine = await OwnEngine.start({ megabytes: 60 });
      const result = await stage.images(["--load", "x.tar"], { DOCKER_HOST: engine.host }).end();
      expect(result).toMatchObject(
        line(3, /^lab: Make room where Docker keeps its images, [^\n]+: the disk is full\n$/),
      );
    }, PATIENCE);
  });
});

/** A copy of what images are built from. */
async function checkoutCopy(): Promise<AsyncDisposable & { root: string }> {
  const root = Deno.makeTempDirSync({ prefix: "socklab-images-test-" });
  const args = ["-R", "deno.json", "images", "labs", "scripts", "src", "types", root];
  expect((await new Deno.Command("cp", { args, cwd: ROOT }).output()).success).toBe(true);
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}
