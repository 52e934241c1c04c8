/** Where artifacts cannot be written, the run goes on, with one line about it. */
import { describe, expect, test } from "vitest";
import { cannotRun, ROOT, SHORT, type Summary, useStage } from "./lab_stage.ts";

const context = useStage();
const patience = 30_000;
const isRoot = Deno.uid() === 0;

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test("a file where the folder should be", async () => {
    const { stage } = context;
    const file = stage.program("file", "");
    const result = await stage.lab("run", "lab3", ...SHORT, "--json", "--out", file);
    expect(result.status).toBe(0);
    expect(result.err).toMatch(
      /^lab: Choose another folder than \S+\/file\/lab3 [^\n]*; going on without them\n$/,
    );
    expect(JSON.parse(result.out)).toMatchObject({ received: 3, artifacts: null });
    expect(stage.left()).toEqual([]);
  }, patience);

  // What bash does first in a mount namespace of its own.
  const within = (prepare: string) => [
    ...["unshare", "--mount", "bash", "-c", `set -e; mkdir "$LAB_RUNTIME_DIR/small"; ${prepare}`],
    "bash",
  ];
  const small = 'mount -t tmpfs -o size=64k none "$LAB_RUNTIME_DIR/small"';
  const go = 'exec "$@"';

  test.runIf(isRoot)("a folder that nobody may write", async () => {
    const { stage } = context;
    const readOnly = `${small}; mount -o remount,ro "$LAB_RUNTIME_DIR/small"; ${go}`;
    const args = ["run", "lab3", ...SHORT, "--quiet", "--out", `${stage.folder}/small`];
    const { status, out, err } = await stage.start(args, { within: within(readOnly) }).end();
    expect(status).toBe(0);
    expect(err).toMatch(
      /^lab: Make \S+\/small\/lab3 writable [^\n]*Read-only file system[^\n]*\n$/,
    );
    expect(out).toContain("3 packets transmitted, 3 received");
    expect(out).not.toMatch(/^artifacts/m);
    expect(stage.left()).toEqual([]);
  }, patience);

  test.runIf(isRoot)("a disk that fills up during the run", async () => {
    const { stage } = context;
    const out = `${stage.folder}/small`;
    const args = ["--netem", "none", "--count", "300", "--interval", "1", "--size", "1000"];
    const options = { within: within(`${small}; ${go}`) };
    const result = await stage.start(["run", "lab3", ...args, "--json", "--out", out], options)
      .end();
    expect(result.status).toBe(0);
    expect(result.err).toMatch(
      /^lab: Free space at \S+: No space left[^\n]*; the artifacts end here\n$/,
    );
    const summary = JSON.parse(result.out) as Summary;
    expect(summary).toMatchObject({ sent: 300, received: 300 });
    expect(stage.left()).toEqual([]);
  }, patience);

  test.runIf(isRoot)("no room for the state folder", async () => {
    const { stage } = context;
    const full = `${small}; head -c 1M /dev/zero >"$LAB_RUNTIME_DIR/small/x" 2>/dev/null || :
      export LAB_RUNTIME_DIR="$LAB_RUNTIME_DIR/small"; ${go}`;
    const args = ["run", "lab3", ...SHORT, "--out", stage.out];
    const { status, out, err } = await stage.start(args, { within: within(full) }).end();
    expect({ status, out }).toEqual({ status: 3, out: "" });
    expect(err).toMatch(/^lab: Make room on the disk of [^\n]*No space left[^\n]*\n$/);
    expect(stage.processes()).toEqual([]);
  }, patience);

  test("a full standard output is named, and nothing is left", async () => {
    const { stage } = context;
    const line = `"${ROOT}/lab" run lab3 ${SHORT.join(" ")} --out "${stage.out}" >/dev/full`;
    expect(await stage.shell(line)).toEqual({
      status: 3,
      out: "",
      err: "lab: Make room on the disk: No space left on device (os error 28)\n",
    });
    expect(stage.left()).toEqual([]);
  }, patience);
});
