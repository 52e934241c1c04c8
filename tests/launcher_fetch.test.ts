/**
 * The launcher `lab` on machines that lack Deno: an npm that fetches nothing but behaves as npm does.
 */
import { describe, expect, test } from "vitest";
import {
  base,
  bin,
  entries,
  fakeDeno,
  fakeNpm,
  haveStd,
  root,
  run,
  spawn,
  useLauncher,
  VERSION,
  WANTED,
} from "./launcher_stage.ts";

useLauncher();

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

/** Waits until `condition` holds; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
