/**
 * The launcher `lab` on machines that lack things: copies of the checkout, a PATH of their own, and
 * an npm that fetches nothing but behaves as npm does. One test at the end uses the real npm.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyCode } from "./copy_code.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const WANTED = (JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { deno: string }).deno;
const VERSION = new RegExp(`^socklab \\d+\\.\\d+\\.\\d+ \\(deno ${Deno.version.deno}\\)\n$`);

/** What the launcher's own shell code calls, and nothing that could lead to Deno. */
const COMMANDS = [
  ...["sh", "cat", "chmod", "cksum", "cut", "grep", "head", "mkdir", "mv", "readlink", "rm", "sed"],
  ...["sleep", "tr", "uname", "ln", "env"],
];

let base: string;
let root: string;
let bin: string;

beforeEach(() => {
  base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab launcher " }));
  // Unprivileged users are to reach it.
  Deno.chmodSync(base, 0o755);
  root = `${base}/a checkout`;
  bin = `${base}/bin`;
  Deno.mkdirSync(bin);
  Deno.mkdirSync(`${root}/labs`, { recursive: true });
  for (const file of ["lab", "deno.json", "deno.lock", "labs/imports.json"]) {
    Deno.copyFileSync(`${ROOT}/${file}`, `${root}/${file}`);
  }
  copyCode(ROOT, root);
  for (const name of COMMANDS) Deno.symlinkSync(which(name), `${bin}/${name}`);
});
afterEach(() => Deno.removeSync(base, { recursive: true }));

function which(name: string): string {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      Deno.statSync(`${folder}/${name}`);
      return `${folder}/${name}`;
    } catch {
      // not in this one
    }
  }
  throw new Error(`Install ${name}: it is not on PATH`);
}

/** A checkout that needs no deno-std: that is what most tests are not about. */
function haveStd(folder = root): void {
  const std = (/npm:deno-std@([^/"]*)/.exec(Deno.readTextFileSync(`${root}/deno.json`)) ?? [])[1];
  Deno.mkdirSync(`${folder}/node_modules/.deno/deno-std@${std}`, { recursive: true });
  Deno.mkdirSync(`${folder}/node_modules/deno-std`);
}

function script(path: string, text: string): void {
  Deno.writeTextFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** An npm that notes its arguments, does `before`, and lays the running Deno where npm would. */
function fakeNpm(before = ""): void {
  script(
    `${bin}/npm`,
    `echo "$*" >>"${base}/npm.log"
${before}
for last; do :; done
while [ "$1" != --prefix ]; do shift; done
package=$2/node_modules/\${last%@*}
mkdir -p "$package" && ln -s "${Deno.execPath()}" "$package/deno"`,
  );
}

/** A Deno of another version, which only ever answers. */
function fakeDeno(path: string, version: string): void {
  script(path, `[ "$1" = eval ] && echo "${version} $0" || { echo "ran $0"; }`);
}

interface Result {
  status: number;
  out: string;
  err: string;
}

interface Options {
  env?: Record<string, string>;
  cwd?: string;
  uid?: number;
}

async function run(
  command: string,
  args: string[] = ["--version"],
  options: Options = {},
): Promise<Result> {
  const { code, stdout, stderr } = await spawn(command, args, options).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, out: text(stdout), err: text(stderr) };
}

function spawn(command: string, args: string[], { env, cwd = base, uid }: Options) {
  return new Deno.Command(command, {
    args,
    cwd,
    clearEnv: true,
    env: { PATH: bin, HOME: `${base}/home`, ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

function entries(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

describe("with a Deno on PATH", () => {
  beforeEach(() => {
    haveStd();
    Deno.symlinkSync(Deno.execPath(), `${bin}/deno`);
  });

  test("starts from anywhere, through links, and passes arguments on as they are", async () => {
    Deno.symlinkSync("a checkout/lab", `${base}/first`);
    Deno.mkdirSync(`${base}/else where`);
    Deno.symlinkSync("../first", `${base}/else where/second`);
    const ways: [string, string[], string][] = [
      [`${root}/lab`, [], base],
      ["./lab", [], root],
      ["../lab", [], `${root}/scripts`],
      [`${base}/else where/second`, [], "/"],
      [which("sh"), ["lab"], root],
    ];
    for (const [command, before, cwd] of ways) {
      const result = await run(command, [...before, "--version"], { cwd });
      expect(result, command).toMatchObject({ status: 0, err: "" });
      expect(result.out).toMatch(VERSION);
    }
    expect((await run(`${root}/lab`, ["a  b*"])).err).toContain("'a  b*'");
  });

  test("starts under busybox's shell as well", async ({ skip }) => {
    let busybox: string;
    try {
      busybox = which("busybox");
    } catch {
      return skip("no busybox here");
    }
    const result = await run(busybox, ["sh", `${root}/lab`, "--version"]);
    expect(result).toMatchObject({ status: 0, err: "" });
    expect(result.out).toMatch(VERSION);
  });

  test("is found by name on PATH", async () => {
    Deno.symlinkSync(`${root}/lab`, `${bin}/lab`);
    expect((await run(which("env"), ["lab", "--version"])).out).toMatch(VERSION);
  });

  test("asks that Deno for its version only once", async () => {
    script(`${bin}/deno2`, `echo asked >>"${base}/asked"; exec "${Deno.execPath()}" "$@"`);
    const options = { env: { LAB_DENO: "deno2" } };
    for (let i = 0; i < 3; i++) {
      expect((await run(`${root}/lab`, undefined, options)).status).toBe(0);
    }
    expect(Deno.readTextFileSync(`${base}/asked`)).toBe("asked\n");
  });

  test("asks again when deno.json has changed", async () => {
    await run(`${root}/lab`);
    const config = Deno.readTextFileSync(`${root}/deno.json`);
    Deno.writeTextFileSync(`${root}/deno.json`, config.replace(`"${WANTED}"`, '"999.1.0"'));
    const { status, err } = await run(`${root}/lab`);
    expect(status).toBe(3);
    expect(err).toBe(
      "lab: Install Deno 999.1.0 or newer (https://deno.com), or Node.js with npm to fetch it " +
        `with: the Deno here is ${Deno.version.deno}\n`,
    );
  });
});

describe("with LAB_DENO", () => {
  beforeEach(() => haveStd());

  test.each([
    ["missing", "Set LAB_DENO to a Deno that is there, not '/no/deno', or unset it"],
    ["old", /^lab: Set LAB_DENO to a Deno of version \d+\.\d+ or newer, not '.*' \(1\.46\.3\)\n$/],
    ["broken", /^lab: Set LAB_DENO to .* \(it does not run\)\n$/],
  ])("%s: refused with status 2, nothing fetched", async (kind, message) => {
    fakeNpm();
    fakeDeno(`${base}/old`, "1.46.3");
    script(`${base}/broken`, "exit 1");
    const path = kind === "missing" ? "/no/deno" : `${base}/${kind}`;
    const result = await run(`${root}/lab`, undefined, { env: { LAB_DENO: path } });
    expect(result).toMatchObject({ status: 2, out: "" });
    expect(result.err).toMatch(message);
    expect(entries(base)).not.toContain("npm.log");
  });

  test("a newer version is taken", async () => {
    fakeDeno(`${base}/new`, "999.0.0");
    const { out } = await run(`${root}/lab`, undefined, { env: { LAB_DENO: `${base}/new` } });
    expect(out).toBe(`ran ${base}/new\n`);
  });
});

describe("without a Deno", () => {
  test("and without npm, says what to install", async () => {
    expect(await run(`${root}/lab`)).toEqual({
      status: 3,
      out: "",
      err:
        `lab: Install Deno ${WANTED} or newer (https://deno.com), or Node.js with npm to fetch ` +
        "it with\n",
    });
  });

  test("fetches it through npm without scripts, once, and leaves no rest", async () => {
    haveStd();
    fakeNpm();
    const first = await run(`${root}/lab`);
    expect(first.out).toMatch(VERSION);
    expect(first.err).toBe(
      `lab: fetching Deno ${WANTED} through npm into ${root}/.socklab (once, about 45 MB)\n`,
    );
    expect(await run(`${root}/lab`)).toMatchObject({ status: 0, err: "" });
    const asked = Deno.readTextFileSync(`${base}/npm.log`);
    expect(asked.trim().split("\n")).toHaveLength(1);
    expect(asked).toContain("--ignore-scripts");
    expect(asked).toMatch(new RegExp(`@deno/[a-z0-9-]+@${WANTED}\n$`));
    expect(entries(`${root}/.socklab`)).toEqual([`deno-${WANTED}`, "launcher"]);
  });

  test("fetches it also where the one on PATH is too old", async () => {
    haveStd();
    fakeNpm();
    fakeDeno(`${bin}/deno`, "1.46.3");
    const { out, err } = await run(`${root}/lab`);
    expect(out).toMatch(VERSION);
    expect(err).toMatch(/; the Deno here is 1\.46\.3\n$/);
    expect(await run(`${root}/lab`)).toMatchObject({ status: 0, err: "" });
  });

  test("two at once both work", async () => {
    haveStd();
    fakeNpm("sleep 0.1");
    const results = await Promise.all([1, 2, 3].map(() => run(`${root}/lab`)));
    for (const { out } of results) expect(out).toMatch(VERSION);
    expect(entries(`${root}/.socklab`)).toEqual([`deno-${WANTED}`, "launcher"]);
  });

  test("offline, says so in one line and leaves nothing half done", async () => {
    fakeNpm(
      'echo "npm error code ENOTFOUND" >&2; echo "npm error network request failed" >&2; exit 1',
    );
    expect(await run(`${root}/lab`)).toEqual({
      status: 3,
      out: "",
      err: `lab: fetching Deno ${WANTED} through npm into ${root}/.socklab (once, about 45 MB)\n` +
        `lab: Go online and try again, or install Deno ${WANTED} or newer: npm could not fetch it ` +
        "(code ENOTFOUND network request failed)\n",
    });
    expect(entries(`${root}/.socklab`)).toEqual([]);
  });

  test("a full disk is not taken for a missing network", async () => {
    fakeNpm('echo "npm error code ENOSPC" >&2; exit 1');
    const { status, err } = await run(`${root}/lab`);
    expect(status).toBe(3);
    expect(err).toMatch(/\nlab: Make room in .*: the disk is full\n$/);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "interrupted by %s leaves nothing half done, and the next start works",
    async (signal) => {
      haveStd();
      // Holds the fetch until it is told, as a slow network would.
      fakeNpm(`echo begun >>"${base}/begun"; while [ -e "${base}/hold" ]; do sleep 0.01; done`);
      Deno.writeTextFileSync(`${base}/hold`, "");
      await using child = spawn(`${root}/lab`, ["--version"], {}).spawn();
      await until(() => entries(base).includes("begun"));
      child.kill(signal);
      Deno.removeSync(`${base}/hold`);
      const { code, stdout } = await child.output();
      expect(code).toBe(signal === "SIGINT" ? 130 : 143);
      expect(stdout.length).toBe(0);
      expect(entries(`${root}/.socklab`)).toEqual([]);
      expect((await run(`${root}/lab`)).out).toMatch(VERSION);
    },
  );

  test("a fetch that was killed outright is cleared away by the next", async () => {
    haveStd();
    fakeNpm();
    // No process has this id: the kernel's largest is 4194304.
    Deno.mkdirSync(`${root}/.socklab/part.4194305/node_modules`, { recursive: true });
    expect((await run(`${root}/lab`)).status).toBe(0);
    expect(entries(`${root}/.socklab`)).toEqual([`deno-${WANTED}`, "launcher"]);
  });

  test("one that was fetched but does not run here is not taken", async () => {
    haveStd();
    fakeNpm(
      `exec 3>&1; ${
        `while [ "$1" != --prefix ]; do shift; done; mkdir -p "$2/node_modules/@deno"; ` +
        `case $(uname -sm) in "Linux x86_64") p=linux-x64-glibc ;; *) p=linux-arm64-glibc ;; esac; ` +
        `mkdir "$2/node_modules/@deno/$p"; echo broken >"$2/node_modules/@deno/$p/deno"; exit 0`
      }`,
    );
    const { status, err } = await run(`${root}/lab`);
    expect(status).toBe(3);
    expect(err).toContain("from your system's packages: the one fetched does not run here\n");
  });
});

describe("in a checkout that is not the user's to write", () => {
  const root0 = Deno.uid() === 0;

  test.runIf(root0)("keeps what it fetches in the user's cache", async () => {
    haveStd();
    fakeNpm();
    Deno.writeTextFileSync(`${base}/npm.log`, "");
    Deno.chmodSync(`${base}/npm.log`, 0o666);
    Deno.mkdirSync(`${base}/home`);
    Deno.chownSync(`${base}/home`, 65534, 65534);
    const options = { uid: 65534 };
    const first = await run(`${root}/lab`, undefined, options);
    expect(first.err).toMatch(/ into .*\/home\/\.cache\/socklab\/[0-9-]+ \(once/);
    expect(first.out).toMatch(VERSION);
    expect(await run(`${root}/lab`, undefined, options)).toMatchObject({ status: 0, err: "" });
    expect(entries(root)).not.toContain(".socklab");
  });

  test.runIf(root0)("says what to set where the user has no home either", async () => {
    expect(await run(`${root}/lab`, undefined, { uid: 65534, env: { HOME: "" } })).toEqual({
      status: 3,
      out: "",
      err:
        "lab: Set HOME, or LAB_STATE to a folder of yours: this checkout is not yours to write\n",
    });
  });

  test("LAB_STATE names another place", async () => {
    haveStd();
    fakeNpm();
    const env = { LAB_STATE: "my state" };
    expect((await run(`${root}/lab`, undefined, { env })).out).toMatch(VERSION);
    expect(entries(`${base}/my state`)).toEqual([`deno-${WANTED}`, "launcher"]);
  });
});

test("a Deno without a network starts all the same, and says what programs may miss", async () => {
  // A cache of its own, empty, and a registry where nobody listens.
  script(
    `${bin}/deno`,
    `DENO_DIR="${base}/cache" NPM_CONFIG_REGISTRY=http://127.0.0.1:9 exec "${Deno.execPath()}" "$@"`,
  );
  const { status, out, err } = await run(`${root}/lab`, undefined, {
    env: { DENO_DIR: `${base}/cache`, NPM_CONFIG_REGISTRY: "http://127.0.0.1:9" },
  });
  expect(status).toBe(0);
  expect(out).toMatch(VERSION);
  const lines = err.trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(
    /^lab: Go online and try again if a program needs it: deno-std could not be fetched \(.+\)$/,
  );
  expect(entries(root)).not.toContain("node_modules");
});

test("lays deno-std alone, so that a program finds it without a network", async () => {
  Deno.symlinkSync(Deno.execPath(), `${bin}/deno`);
  // What a real registry needs: certificates, proxies.
  const env = Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => /_PROXY$|CERT|CA_/i.test(name)),
  );
  const { status, err } = await run(`${root}/lab`, undefined, { env });
  expect({ status, err }).toEqual({
    status: 0,
    err: expect.stringMatching(
      /^lab: fetching deno-std \S+, which the labs' programs import \(once\)\n$/,
    ),
  });
  expect(entries(`${root}/node_modules`).filter((name) => !name.startsWith("."))).toEqual([
    "deno-std",
  ]);
  Deno.writeTextFileSync(
    `${root}/program.ts`,
    'import { parseArgs } from "@std/cli/parse-args";\nconsole.log(parseArgs(["--a=1"]).a);\n',
  );
  const program = await run(`${bin}/deno`, [
    ...["run", "--no-config", "--cached-only", `--import-map=${root}/labs/imports.json`],
    `${root}/program.ts`,
  ]);
  expect(program).toMatchObject({ status: 0, out: "1\n" });
});

/** Waits until `condition` holds; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
