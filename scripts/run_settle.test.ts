import { expect, test } from "vitest";
import { findLab } from "../src/lab/mod.ts";
import { type RunValues, settle } from "./run_settle.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const plain: RunValues = {
  engine: "local",
  driver: "auto",
  clients: 1,
  watch: false,
  json: false,
  quiet: false,
};

function names(lab: string, values: Partial<RunValues> = {}, standing: string | null = null) {
  const { pairs, compared } = settle(findLab(ROOT, lab), { ...plain, ...values }, ROOT, standing);
  return { names: pairs.map(({ name }) => name), compared };
}

test("settle() takes all that a lab compares where nobody chooses, and one where somebody does", () => {
  expect(names("lab2"))
    .toEqual({ names: ["server_tcp", "server_udp", "server_handler"], compared: true });
  const udp = { names: ["server_udp"], compared: false };
  expect(names("lab2", { program: "server_udp" })).toEqual(udp);
  expect(names("lab2", { program: "server_udp.ts" })).toEqual(udp);
  expect(names("lab2", {}, "server_udp")).toEqual(udp);
  expect(names("lab2", { program: "server_udp" }, "server_udp")).toEqual(udp);
  expect(names("lab3")).toEqual({ names: ["server"], compared: false });
});

test("settle() takes the pair that a server's file is named after, else the lab's own", () => {
  const server = `${ROOT}/labs/lab2-timestamp/starter/server_udp.ts`;
  expect(names("lab2", { server })).toEqual({ names: ["server_udp"], compared: false });
});

test("settle() compares those programs that a user's folder has, in whatever language", () => {
  const folder = Deno.makeTempDirSync();
  const has = (...files: string[]) =>
    files.forEach((file) => Deno.writeTextFileSync(`${folder}/${file}`, ""));
  try {
    has("server_threads.ts");
    expect(names("lab6", { server: folder }))
      .toEqual({ names: ["server_threads"], compared: true });
    has("server_once.py");
    const two = { names: ["server_once", "server_threads"], compared: true };
    expect(names("lab6", { server: `${folder}/` })).toEqual(two);
    expect(names("lab6", { server: folder, program: "server_once" }).names).toEqual([
      "server_once",
    ]);
    expect(() => names("lab6", { server: folder, input: "/dev/null" }))
      .toThrow("has no server_event_loop.ts, ");
    // The swarm is a program of the client's folder.
    expect(() => names("lab6", { server: folder, client: folder }))
      .toThrow(`the folder ${folder} has no server_event_loop.ts, `);
    has("client.py");
    expect(names("lab6", { server: folder, client: folder })).toEqual(two);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  const starter = `${ROOT}/labs/lab2-timestamp/starter`;
  expect(names("lab2", { server: starter, client: starter }))
    .toEqual({ names: ["server_tcp", "server_udp", "server_handler"], compared: true });
  const server = `${starter}/server_udp.ts`;
  expect(names("lab2", { server, client: starter }).names).toEqual(["server_udp"]);
});

test("settle() makes a table of a swarm's one program, too", () => {
  expect(names("lab6", { program: "server_threads" }))
    .toEqual({ names: ["server_threads"], compared: true });
  expect(names("lab6", { program: "server_threads", input: "/dev/null" }).compared).toBe(false);
});

test.each<[string, Partial<RunValues>, string | null, string | RegExp]>([
  ["lab2", { program: "tcp" }, null, "Name one of lab2's programs server_tcp, "],
  ["lab3", { program: "tcp" }, null, "Leave out the program 'tcp': lab3 has one pair, server"],
  [
    "lab2",
    { program: "server_tcp" },
    "server_udp",
    "End the lab with ./lab down lab2 to run server_tcp: lab2 is up with server_udp",
  ],
  ["lab2", { clients: 3 }, null, "Leave out --clients, or give --input FILE"],
  ["lab1", { size: 3 }, null, "Leave out --size: lab1's client sends the lines that it reads"],
  ["lab3", { swarm: 3 }, null, "Leave out --swarm: lab3 has none"],
  ["lab6", { swarm: 0 }, null, "Give --swarm a whole number from 1 to 10000 in lab6, not 0"],
  [
    "lab1",
    { input: "/no/such" },
    null,
    /^Give --input a file that can be read, not \/no\/such: No such file or directory$/,
  ],
])("settle() of %s refuses %o", (lab, values, standing, message) => {
  expect(() => names(lab, values, standing)).toThrow(message);
});

test("settle() gives a client the lab's lines, anew each time", async () => {
  const { pairs: [pair] } = settle(findLab(ROOT, "lab4"), plain, ROOT, null);
  for (let round = 0; round < 2; round++) {
    expect(await new Response(pair.input()).text()).toMatch(/^(What time is it\?\n)+$/);
  }
  expect(settle(findLab(ROOT, "lab3"), plain, ROOT, null).pairs[0].input()).toBeUndefined();
});

test("settle() gives a server the folder that it may write, below where artifacts go", () => {
  const { pairs: [{ server }] } = settle(
    findLab(ROOT, "lab5"),
    { ...plain, out: "/tmp/a" },
    ROOT,
    null,
  );
  const { spec } = server("10.77.0.2");
  expect(spec.writes).toEqual(["/tmp/a/lab5/logs"]);
  expect(spec.command).toContain("--allow-write=/tmp/a/lab5/logs");
  expect(spec.command.at(-1)).toBe("/tmp/a/lab5/logs");
});
