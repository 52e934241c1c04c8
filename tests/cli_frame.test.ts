/** The command line as its user meets it: in a terminal, in a pipe, with a reader that leaves. */
import { expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

/** Runs a line of shell in the checkout, with `lab` standing for the command line. */
async function shell(line: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `set -o pipefail; lab() { ${LAB} "$@"; }; ${line}`],
    cwd: ROOT,
    stdin: "null",
    env: { LAB_DENO: Deno.execPath(), NO_COLOR: "", TERM: "xterm", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, out: text(stdout), err: text(stderr) };
}

const LAB = `"${ROOT}/lab"`;
// deno-lint-ignore no-control-regex
const ESCAPES = /\x1b\[/;

test("help in a pipe is plain, in a terminal it is coloured unless NO_COLOR says no", async () => {
  const piped = await shell("lab --help");
  expect(piped).toMatchObject({ status: 0, err: "" });
  expect(piped.out).not.toMatch(ESCAPES);
  const typed = `script -qec '${LAB} --help' /dev/null`;
  expect((await shell(typed)).out).toMatch(ESCAPES);
  expect((await shell(typed, { NO_COLOR: "1" })).out).not.toMatch(ESCAPES);
});

test("no line of help is wider than 80 columns, for any verb", async () => {
  const { out } = await shell(
    "lab --help; for v in list doctor test completion; do lab help $v; done",
  );
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("a reader that leaves early is no fault", async () => {
  expect(await shell("lab --help | head -c 1")).toEqual({ status: 0, out: "S", err: "" });
  expect(await shell("lab list | true")).toEqual({ status: 0, out: "", err: "" });
});

test("a full disk is named, with status 3", async () => {
  const { status, err } = await shell("lab --help >/dev/full");
  expect({ status, err }).toEqual({
    status: 3,
    err: "lab: Make room on the disk: No space left on device (os error 28)\n",
  });
});

test("faults go to standard error alone, with status 2", async () => {
  expect(await shell("lab nothing")).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringMatching(/^lab: Use one of run, .*: there is no verb 'nothing'\n$/),
  });
});

test("list and doctor give JSON that holds what their text says", async () => {
  const labs = JSON.parse((await shell("lab list --json")).out) as { id: string; port: number }[];
  expect(labs).toContainEqual(expect.objectContaining({ id: "lab3", port: 12000 }));
  const { status, out } = await shell("lab doctor --json");
  const advice = JSON.parse(out) as { ok: boolean; findings: { topic: string }[] };
  expect(status).toBe(advice.ok ? 0 : 3);
  const { out: text } = await shell("lab doctor");
  for (const { topic } of advice.findings) expect(text).toContain(topic);
});
