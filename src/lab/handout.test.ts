import { expect, test } from "vitest";
import { studentHandout } from "./handout.ts";

const place = { id: "lab3", labFolder: "labs/lab3-udp", checkout: "/home/anna b/socklab" };
/** The handout without the note under its heading. */
const handout = (...lines: string[]) =>
  studentHandout(["# lab3", ...lines].join("\n"), place).replace(/\n\n(?:>.*\n)+/, "\n");

test("studentHandout() says under the heading how the folder is used", () => {
  const text = studentHandout("# lab3: UDP\n\nYou write a server.\n", place);
  expect(text).toMatch(/^# lab3: UDP\n\n> This is your own folder for lab3[^]*\n\nYou write a/);
  expect(text).toContain("`./lab run lab3 --server . --client .`");
  expect(text).toContain("`./lab check lab3 .`");
});

test.each([
  ["[compose](../../docs/compose.md)", "[compose](file:///home/anna%20b/socklab/docs/compose.md)"],
  ["[`tc`](../../docs/a.md#b)", "[`tc`](file:///home/anna%20b/socklab/docs/a.md#b)"],
  [
    "[lab1](../lab1-echo/README.md)",
    "[lab1](file:///home/anna%20b/socklab/labs/lab1-echo/README.md)",
  ],
  ["[yours](starter/server.ts)", "[yours](server.ts)"],
  ["[yours](starter/)", "[yours](.)"],
  ["[server.ts](solution/server.ts), [x](./broken)", "server.ts, x"],
  ["[RFC](https://example.org/a) and [below](#questions)", undefined],
  ["`[not a link](../x)`", undefined],
])("studentHandout() keeps links useful: %s", (line, expected = line) => {
  expect(handout(line)).toBe(`# lab3\n${expected}`);
});

test("studentHandout() names the folder . in commands, in blocks and in spans", () => {
  expect(handout(
    "Work on the server (`--server my-lab3` alone). A my-lab3 in the text stays.",
    "",
    "```sh",
    "./lab run lab3 --server my-lab3 --client=my-lab3/client.ts --netem none",
    "./lab check lab3 my-lab3/ # my-lab30 stays",
    "```",
  )).toBe([
    "# lab3",
    "Work on the server (`--server .` alone). A my-lab3 in the text stays.",
    "",
    "```sh",
    "./lab run lab3 --server . --client=client.ts --netem none",
    "./lab check lab3 . # my-lab30 stays",
    "```",
  ].join("\n"));
});

test("studentHandout() names the checkout's files by their whole paths in commands", () => {
  const run = "./lab run lab3 --server labs/lab3-udp/broken/a --count 1";
  const there = "'/home/anna b/socklab/labs/lab3-udp/broken/a'";
  expect(handout("```sh", run, "```", "`--server labs/lab1-echo/starter`, labs/lab1-echo"))
    .toBe(
      `# lab3\n\`\`\`sh\n./lab run lab3 --server ${there} --count 1\n\`\`\`\n` +
        "`--server '/home/anna b/socklab/labs/lab1-echo/starter'`, labs/lab1-echo",
    );
  // What a command has printed stays.
  expect(handout("```text", run, "my-lab3 `my-lab3`", "```"))
    .toBe(`# lab3\n\`\`\`text\n${run}\nmy-lab3 \`my-lab3\`\n\`\`\``);
});

test("studentHandout() leaves out the commands that make the folder", () => {
  expect(handout("```sh", "./lab new lab3 my-lab3", "```", "", "```sh", "cd my-lab3", "ls", "```"))
    .toBe("# lab3\n```sh\nls\n```");
  // Said of it in a sentence, it stays what it is.
  expect(handout("`./lab new lab3 my-lab3` makes it")).toBe(
    "# lab3\n`./lab new lab3 my-lab3` makes it",
  );
});
