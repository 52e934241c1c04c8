/** `./lab new-lab` in a checkout of its own: the lab that it begins keeps the contract as it is. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dirname } from "../scripts/paths.ts";
import { sourceFiles } from "../scripts/source_files.ts";
import { cannotRun, ROOT } from "./cli/lab_stage.ts";

let root: string;
beforeAll(() => {
  root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab new lab " }));
  for (const path of sourceFiles(ROOT)) {
    Deno.mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    Deno.copyFileSync(`${ROOT}/${path}`, `${root}/${path}`);
  }
  Deno.symlinkSync(`${ROOT}/node_modules`, `${root}/node_modules`);
});
afterAll(() => Deno.removeSync(root, { recursive: true }));

/** Runs Deno, or `./lab`, in the copy. */
async function run(command: string, args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: root,
    stdin: "null",
    env: { LAB_DENO: Deno.execPath(), LAB_ENGINE: "local", NO_COLOR: "1", VITEST: "" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [
    string,
    string,
  ];
  return { status: code, out, err };
}
const lab = (...args: string[]) => run(`${root}/lab`, args);

/** The files of the copy with their content, by their paths. */
const files = () =>
  new Map(sourceFiles(root).map((path) => [path, Deno.readTextFileSync(`${root}/${path}`)]));

describe("lab new-lab", () => {
  test("adds a folder, and a line to each compose file", async () => {
    const before = files();
    expect(await lab("new-lab", "labs/lab7-two-words")).toMatchObject({ status: 0, err: "" });
    const changed = [...files()].filter(([path, text]) => before.get(path) !== text)
      .map(([path]) => path);
    const added = changed.filter((path) => path.startsWith("labs/lab7-two-words/"));
    expect(changed.filter((path) => !added.includes(path)))
      .toEqual(["compose.ipv6.yaml", "compose.yaml"]);
    expect(added.map((path) => path.split("/").slice(2).join("/"))).toEqual([
      ...["README.md", "broken/silent/broken.json", "broken/silent/server.ts"],
      ...["checks.test.ts", "checks.ts", "compose.ipv6.yaml", "compose.yaml", "lab.json"],
      ...["solution/client.ts", "solution/server.ts", "starter/client.ts", "starter/server.ts"],
    ]);
    expect((await lab("list")).out).toContain("lab7  Two words");
  });

  test("makes what the gate lets through", async () => {
    const folder = "labs/lab7-two-words";
    for (const gate of [["fmt", "--check", folder], ["lint", folder], ["check", folder]]) {
      expect(await run(Deno.execPath(), gate), gate[0]).toMatchObject({ status: 0 });
    }
    for (const task of ["imports", "docs"]) {
      // What else they may object to is not the new lab's.
      expect((await run(Deno.execPath(), ["task", task])).err, task).not.toContain("lab7");
    }
  }, 60_000);

  test.skipIf(cannotRun !== "")("makes a lab that keeps the contract", async () => {
    const tests = ["labs/lab7-two-words", "scripts/compose_files.test.ts"];
    const vitest = ["run", "-A", "npm:vitest", "run", "--project", "processes", ...tests];
    const result = await run(Deno.execPath(), vitest);
    expect(result.status, `${result.out}${result.err}`).toBe(0);
    expect(result.out).toMatch(/Tests +\d+ passed \(\d+\)/);
  }, 120_000);

  test.each([
    ["labs/lab7-example", "lab: Take another number, such as 8: lab7 is labs/lab7-two-words\n"],
    [
      "labs/example",
      "lab: Write FOLDER as labs/lab7-example: a number from 1, words in lower case; not 'labs/example'\n",
    ],
  ])("refuses %s", async (folder, err) => {
    const before = files();
    expect(await lab("new-lab", folder)).toEqual({ status: 2, out: "", err });
    expect(files()).toEqual(before);
  });
});
