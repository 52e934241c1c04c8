/**
 * What documents show as the output of `./lab fate` is its output: it is the same on every machine.
 */
import { expect, test } from "vitest";
import { markedBlocks } from "../marked_blocks.ts";

const root = new URL("../../", import.meta.url);
const documents = ["README.md", "docs/impairments.md", "labs/lab3-udp-uppercase/README.md"];

const blocks = documents.flatMap((path) =>
  markedBlocks(Deno.readTextFileSync(new URL(path, root)), "output")
    .filter(({ source }) => source.startsWith("./lab fate "))
    .map(({ source, body }): [string, string, string] => [path, source, body])
);

test("the documents have blocks to look at", () => expect(blocks.length).toBeGreaterThan(8));

test.each(blocks)("%s: %s", async (_, source, body) => {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", source],
    cwd: root.pathname,
    env: { LAB_DENO: Deno.execPath(), COLUMNS: "100", NO_COLOR: "1" },
    stderr: "null",
  }).output();
  expect(new TextDecoder().decode(stdout)).toBe(body);
});
