/**
 * The launcher `lab` on machines that have a Deno: copies of the checkout and a PATH of their own. One test at the end
 * uses the real npm.
 */
import { beforeEach, describe, expect, test } from "vitest";
import {
  base,
  bin,
  entries,
  fakeDeno,
  fakeNpm,
  haveStd,
  root,
  run,
  script,
  useLauncher,
  VERSION,
  WANTED,
  which,
} from "./launcher_stage.ts";

useLauncher();

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
