import { afterEach, beforeEach, expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

let folder = "";
beforeEach(() => void (folder = Deno.makeTempDirSync({ prefix: "socklab-lab5-" })));
afterEach(() => Deno.removeSync(folder, { recursive: true }));

/** A server at a port of the kernel's choice that logs in a folder. */
async function start(logs = folder) {
  const program = new TestProgram("lab5", "server", {
    args: ["--port", "0", "--logs", logs],
    writes: folder,
  });
  const match = await program.printed(/^Server listens on TCP 0\.0\.0\.0:(\d+)\n/);
  return Object.assign(program, { port: Number(match[1]) });
}

/** Asks, and returns the answer. */
async function ask(port: number, request = "What time is it?\n"): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(1_024);
  let text = "";
  for (let length; (length = await connection.read(buffer)) !== null;) {
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
  return text;
}

function names(): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

test("the log has the date of the answer, the client, and the request in quotes", async () => {
  await using server = await start();
  const date = (await ask(server.port, 'a"b\\c\x1b\xe9\r\n')).trimEnd();
  expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  const line = Deno.readTextFileSync(`${folder}/log0.txt`);
  expect(line).toMatch(/^\S+ 127\.0\.0\.1:\d+ "a\\x22b\\x5cc\\x1b\\xc3\\xa9"\n$/);
  expect(line.startsWith(`${date} `)).toBe(true);
});

test("two servers with the same folder take no number twice", async () => {
  await using one = await start();
  await using other = await start();
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => ask((i % 2 ? one : other).port, `request ${i}.\n`)),
  );
  const texts = names().map((name) => Deno.readTextFileSync(`${folder}/${name}`));
  expect(names()).toHaveLength(40);
  for (let i = 0; i < 40; i++) {
    expect(texts.filter((text) => text.includes(`"request ${i}."`))).toHaveLength(1);
  }
});

test("files of other names do not count, and the folder is made where it is not", async () => {
  Deno.writeTextFileSync(`${folder}/.left.part`, "half a li");
  Deno.writeTextFileSync(`${folder}/log7.txt.old`, "no log");
  await using server = await start();
  await ask(server.port);
  expect(names()).toEqual([".left.part", "log0.txt", "log7.txt.old"]);
  await using other = await start(`${folder}/new/logs`);
  await ask(other.port);
  expect(Deno.readTextFileSync(`${folder}/new/logs/log0.txt`)).toContain("What time is it?");
});
