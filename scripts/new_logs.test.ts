import { expect, test } from "vitest";
import { NewLogs } from "./new_logs.ts";

test("NewLogs shows the files that were not there before, in the order of their numbers", async () => {
  const folder = await Deno.makeTempDir({ prefix: "socklab-logs-" });
  try {
    await Deno.writeTextFile(`${folder}/log8.txt`, "old\n");
    const logs = new NewLogs(folder);
    expect(logs.lines()).toEqual([]);
    await Deno.writeTextFile(`${folder}/log10.txt`, "two\nlines\n");
    await Deno.writeTextFile(`${folder}/log9.txt`, "bell \x07\n");
    await Deno.writeTextFile(`${folder}/log11.txt`, "");
    expect(logs.lines()).toEqual([
      "log9.txt   bell ␇",
      "log10.txt  two  (and 1 more line)",
      "log11.txt  (empty)",
    ]);
    for (let n = 12; n < 40; n++) await Deno.writeTextFile(`${folder}/log${n}.txt`, "x\n");
    expect(logs.lines()).toHaveLength(11);
    expect(logs.lines().at(-1)).toBe("and 21 more, up to log39.txt");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("NewLogs of a folder that is not there shows nothing", () => {
  expect(new NewLogs("/nowhere/at/all").lines()).toEqual([]);
});
