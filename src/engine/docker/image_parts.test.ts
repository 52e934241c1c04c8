import { describe, expect, test } from "vitest";
import { mmdebstrapFault } from "./image_bases.ts";
import { contextFiles } from "./image_context.ts";
import { checkEngine, engineFault } from "./image_faults.ts";
import { BuildProgress, debianStage, stageOf } from "./image_progress.ts";
import { imageTag, readVersions, recipeHash } from "./image_recipe.ts";
import { readSmallFiles, tarHeader, tarPieces } from "./image_tar.ts";
import { readTrace } from "./image_trace.ts";

const root = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A source of bytes that gives few of them at a time. */
function source(bytes: Uint8Array) {
  let at = 0;
  return {
    read(into: Uint8Array): Promise<number | null> {
      const piece = bytes.subarray(at, at + Math.min(into.length, 700));
      if (piece.length === 0) return Promise.resolve(null);
      into.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
  };
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: number[] = [];
  for await (const piece of pieces) all.push(...piece);
  return Uint8Array.from(all);
}

describe("tarPieces()", () => {
  const files = [
    { path: "a/small.txt", content: utf8("hello") },
    { path: "a/empty", content: new Uint8Array(0), executable: true },
    { path: `${"long/".repeat(25)}name`, content: utf8("deep") },
    { path: "large", content: new Uint8Array(3000).fill(7) },
  ];

  test("writes what readSmallFiles() reads back, and it passes over larger files", async () => {
    const found = await readSmallFiles(source(await joined(tarPieces(files))), 1000);
    expect([...found.keys()]).toEqual(files.slice(0, 3).map(({ path }) => path));
    expect(new TextDecoder().decode(found.get("a/small.txt"))).toBe("hello");
    expect(new TextDecoder().decode(found.get(files[2]!.path))).toBe("deep");
  });

  test("writes what tar(1) reads, with the bits for executing", async () => {
    const tar = new Deno.Command("tar", { args: ["-tvf", "-"], stdin: "piped", stdout: "piped" });
    const child = tar.spawn();
    const writer = child.stdin.getWriter();
    await writer.write(await joined(tarPieces(files)) as Uint8Array<ArrayBuffer>);
    await writer.close();
    const { stdout, success } = await child.output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    expect(success).toBe(true);
    expect(lines.map((line) => line.slice(0, 10))).toEqual([
      "-rw-r--r--",
      "-rwxr-xr-x",
      "-rw-r--r--",
      "-rw-r--r--",
    ]);
  });

  test("refuses a path that ustar has no room for", () => {
    expect(() => tarHeader("x".repeat(101), 0)).toThrow(RangeError);
  });
});

test.each([
  ["nothing", new Uint8Array(0)],
  ["a text", utf8("no archive".repeat(100))],
  ["half an archive", tarHeader("file", 5000)],
])("readSmallFiles() refuses %s", async (_, bytes) => {
  await expect(readSmallFiles(source(bytes), 100)).rejects.toThrow(TypeError);
});

describe("readTrace()", () => {
  /** A field of protobuf with a text or a message in it. */
  const field = (
    number: number,
    ...content: number[]
  ) => [number * 8 + 2, content.length, ...content];
  const bytes = (text: string) => [...utf8(text)];
  const trace = (...content: number[]) => readTrace(Uint8Array.from(content).toBase64());

  test("tells steps, how far their parts are, and what commands wrote", () => {
    const step = field(
      1,
      ...field(1, ...bytes("sha256:a")),
      ...field(3, ...bytes("[a 1/2] FROM x")),
      ...field(5, 8, 1),
    );
    const part = field(
      2,
      ...field(1, ...bytes("layer")),
      ...field(2, ...bytes("sha256:a")),
      32,
      0xac,
      2,
      40,
      0xe8,
      7,
    );
    const log = field(3, ...field(1, ...bytes("sha256:a")), ...field(4, ...bytes("E: no\n")));
    expect(trace(...step, ...part, ...log)).toEqual({
      steps: [{
        digest: "sha256:a",
        name: "[a 1/2] FROM x",
        started: true,
        completed: false,
        error: "",
      }],
      parts: [{ id: "layer", step: "sha256:a", current: 300, total: 1000 }],
      logs: ["E: no\n"],
    });
  });

  test("takes an empty record, and one that ends early", () => {
    expect(trace()).toEqual({ steps: [], parts: [], logs: [] });
    expect(trace(10, 200).steps).toHaveLength(1);
  });
});

describe("BuildProgress", () => {
  const step = (name: string, completed = false) => ({
    digest: name,
    name,
    started: true,
    completed,
    error: "",
  });

  test("adds up the layers of the image that is being pulled", () => {
    const progress = new BuildProgress();
    const name = "[build 1/2] FROM docker.io/library/debian:13.1-slim@sha256:0123";
    const parts = [
      { id: "a", step: name, current: 10, total: 100 },
      { id: "b", step: name, current: 20, total: 200 },
      { id: "c", step: "another", current: 1, total: 1 },
    ];
    expect(progress.take({ steps: [step(name)], parts, logs: [] }))
      .toEqual({ text: "pulling debian:13.1-slim", done: 30, total: 300 });
  });

  test("knows while a registry has been asked and has not answered", () => {
    const progress = new BuildProgress();
    const name = "[internal] load metadata for docker.io/denoland/deno:bin-2.9.6";
    progress.take({ steps: [step(name)], parts: [], logs: [] });
    expect(progress.asking).toBe(true);
    progress.take({ steps: [step(name, true)], parts: [], logs: [] });
    expect(progress.asking).toBe(false);
  });
});

test("stageOf() and debianStage() tell the user what is done, and nothing of what is over at once", () => {
  expect(stageOf('[assemble 8/8] RUN deno "/socklab/images/assemble.ts"')).toBe(
    "putting its files together",
  );
  expect(stageOf("[assemble 2/8] COPY src /socklab/src")).toBeNull();
  expect(stageOf("[stage-0 1/2] FROM docker.io/socklab/programs:0.1.0")).toBeNull();
  expect(debianStage("I: downloading packages with apt...")).toBe("fetching Debian packages");
  expect(debianStage("I: success in 3.0 seconds")).toBeNull();
});

describe("engineFault()", () => {
  const said = (text: string) => Object.assign(new Error(text), { statusCode: 500 });

  test.each([
    'failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example: no such host',
    "toomanyrequests: You have reached your pull rate limit",
    "debian:13.1-slim: failed to resolve source metadata: unexpected status: 503",
    "executor failed running [/bin/sh -c sh /packages/download.sh arm64]: exit code: 100",
    "failed to solve with frontend dockerfile.v0: failed to create LLB definition: deno:gone: not found",
  ])("takes this for bases that cannot be had: %s", (text) => {
    expect(engineFault(said(text), "build it").name).toBe("RegistryError");
  });

  test("tells a full disk, also where a command of the build met it", () => {
    const text = "executor failed running [deno]: exit code: 1";
    expect(
      engineFault(said(text), "build it", ["write: No space left on device (os error 28)"]).message,
    )
      .toMatch(/^Make room where Docker keeps its images, to build it/);
  });

  test("gives a failing command's own last word", () => {
    const lines = [
      "progress",
      "\x1b[1m\x1b[31merror\x1b[0m: Uncaught (in promise) Error: Unpack libc6 in /tree",
      "    at x",
    ];
    const text = 'process "deno run" did not complete successfully: exit code: 1';
    expect(engineFault(said(text), "build it", lines).message)
      .toBe("Look at what the engine says, it could not build it: Unpack libc6 in /tree");
  });

  test("does not take an engine's words on connections for an engine that has gone", () => {
    expect(
      engineFault(said("dial tcp 192.0.2.1:443: connect: connection refused"), "build it").name,
    )
      .toBe("RegistryError");
    const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(engineFault(gone, "build it").message).toMatch(/^Start Docker again/);
  });
});

test("checkEngine() refuses an engine before 20.10", () => {
  expect(() => checkEngine("19.03.15")).toThrow(
    /^Update Docker to 20\.10 or newer: .* 19\.03\.15$/,
  );
  expect(() => checkEngine("20.10.24+dfsg1")).not.toThrow();
});

test.each([
  [["E: newuidmap 99 0 1000 1 failed"], /uidmap/],
  [["W: GPG error: NO_PUBKEY 0E98404D386FA1D9"], /debian-archive-keyring/],
  [["cp: error writing: No space left on device"], /^Make room/],
  [[
    "Err:1 http://mirror.example trixie",
    "Could not resolve 'mirror.example'",
    "E: apt-get update failed",
  ], /^Go online, or load an archive/],
  [["E: something else"], /: something else$/],
])("mmdebstrapFault() says what to do about %j", (lines, wanted) => {
  expect(mmdebstrapFault(lines).message).toMatch(wanted);
});

describe("recipeHash()", () => {
  test("is the same again, and differs between images", async () => {
    const hashes = await Promise.all(
      ["programs", "link", "programs"].map((name) => recipeHash(root, name as "link")),
    );
    expect(hashes[0]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{24}$/);
  });

  test("the Dockerfiles and deno.json name the same versions", () => {
    const { deno, socklab } = readVersions(root);
    for (const path of ["images/programs", "images/link", ".devcontainer"]) {
      const text = Deno.readTextFileSync(`${root}/${path}/Dockerfile`);
      expect(text, path).toContain(`ARG DENO=denoland/deno:bin-${deno}\n`);
      if (path !== ".devcontainer") expect(text, path).toContain(`ARG VERSION=${socklab}\n`);
    }
  });
});

test("imageTag() says the platform where it is not the engine's own", () => {
  expect(imageTag("link", "0.1.0")).toBe("socklab/link:0.1.0");
  expect(imageTag("link", "0.1.0", "arm64")).toBe("socklab/link:0.1.0-arm64");
});

test("contextFiles() has the code, and neither tests nor what a checkout gathers", () => {
  const paths = contextFiles(root, readVersions(root).std).map(({ path }) => path);
  expect(paths).toContain("src/link/main.ts");
  expect(paths).toContain("images/assemble.ts");
  expect(paths.filter((path) => /\.test\.ts$|^out\/|^\.git\//.test(path))).toEqual([]);
  expect(paths.filter((path) => /^labs\/.*\/(broken|checks)/.test(path))).toEqual([]);
});
