import { expect, test } from "vitest";
import { HOLD, shellLine } from "./shell_line.ts";

/** What the holding shell and the program behind it print, when told by that line. */
async function told(line: string, rest = ""): Promise<string> {
  const child = new Deno.Command(HOLD[0]!, {
    args: HOLD.slice(1),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(line + rest));
  await input.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

const print = ["/usr/bin/printf", "[%s]"];

test.each([
  ["blanks", "a  b"],
  ["quotes", `it's "so"`],
  ["what a shell would act on", "$HOME `id` \\ $(id) ; & | > < * ?"],
  ["ends of lines", "one\ntwo\n\n"],
  ["nothing", ""],
  ["other letters", "zwölf → 十二"],
])("shellLine() brings %s to the program as they are", async (_name, word) => {
  const line = shellLine({ command: [...print, word, "last"], cwd: "/", env: {} });
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(await told(line)).toBe(`[${word}][last]`);
});

test("shellLine() sets the folder and the environment", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "it's a folder " });
  try {
    const command = ["/bin/sh", "-c", 'echo "$PWD,$A,$B"'];
    const line = shellLine({ command, cwd: folder, env: { A: "1 2", B: "it's\n3" } });
    expect(await told(line)).toBe(`${folder},1 2,it's\n3\n`);
  } finally {
    Deno.removeSync(folder);
  }
});

test("what follows the line is the program's input", async () => {
  const line = shellLine({ command: ["/bin/cat"], cwd: "/", env: {} });
  expect(await told(line, "for you\nalone")).toBe("for you\nalone");
});

test("without a line, the shell ends and runs nothing", async () => {
  expect(await told("")).toBe("");
});
