/** How programs are started, from what was handed in. */
import { expect, test } from "vitest";
import { findLab } from "../../lab/mod.ts";
import { handedIn } from "./handed_in.ts";
import { RejectedError } from "./rejected_error.ts";
import { type SnapshotFile, snapshotOf } from "./snapshot.ts";

const REPO = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const [lab2, lab3, lab5, lab6] = ["lab2", "lab3", "lab5", "lab6"].map((id) => findLab(REPO, id));

const PLACE = { folder: "/submission", deno: "deno", imports: "/opt/imports.json", logs: "/logs" };
const OPTIONS = { out: "/out" };

/** Files by path; those whose names end with `*` may be run. */
function files(texts: Record<string, string>): SnapshotFile[] {
  return Object.entries(texts).map(([path, text]) => ({
    path: path.replace(/\*$/, ""),
    executable: path.endsWith("*"),
    bytes: new TextEncoder().encode(text),
  }));
}

const understood = (texts: Record<string, string>, lab = lab3!, program?: string) =>
  handedIn(snapshotOf(files(texts)), { lab, name: "anna", program });
const server = (texts: Record<string, string>, lab = lab3!, name = "server") =>
  understood(texts, lab).at(PLACE).server(name, OPTIONS);
const json = (value: unknown) => ({ "submission.json": JSON.stringify(value) });

test("a TypeScript program is run by Deno with what its lab permits, in the submission's folder", () => {
  expect(server({ "server.ts": "" })).toEqual({
    command: [
      "deno",
      "run",
      "--no-prompt",
      "--unstable-net",
      "--no-config",
      "--import-map=/opt/imports.json",
      "--allow-net",
      "--allow-env",
      "--allow-sys",
      "--allow-read=/submission",
      "/submission/server.ts",
      "--port",
      "12000",
    ],
    cwd: "/submission",
    env: { NO_COLOR: "1", PYTHONUNBUFFERED: "1", DENO_NO_PACKAGE_JSON: "1" },
  });
  expect(server({ "server_processes.ts": "" }, lab6, "server_processes").command)
    .toContain("--allow-run");
});

test("Deno keeps what it makes of files where it was told to, and makes no more than it needs where that is nowhere", () => {
  const placed = (cache: string | null) =>
    understood({ "server.ts": "" }).at({ ...PLACE, cache }).server("server", OPTIONS);
  expect(placed("/cache")).toMatchObject({ env: { DENO_DIR: "/cache" } });
  expect(placed("/cache").command).not.toContain("--no-code-cache");
  expect(placed(null).env).not.toHaveProperty("DENO_DIR");
  expect(placed(null).command).toContain("--no-code-cache");
});

test("a server that its lab has write files is told where, and may", () => {
  const { command, writes } = server({ "server.ts": "" }, lab5);
  expect(command).toEqual(expect.arrayContaining(["--allow-write=/logs", "--logs", "/logs"]));
  expect(writes).toEqual(["/logs"]);
  const { logs: _, ...here } = PLACE;
  const placed = understood({ "server.ts": "" }, lab5).at(here).server("server", OPTIONS);
  expect(placed.writes).toEqual(["/out/lab5/logs"]);
});

test("a client is told the server's address and what the check asks for", () => {
  const { command } = understood({ "client.ts": "" }).at(PLACE).client("client", {
    ...OPTIONS,
    host: "10.77.0.2",
    mode: "pinger",
    values: { count: 3, timeout: 200 },
  });
  expect(command.slice(command.indexOf("/submission/client.ts") + 1)).toEqual(
    expect.arrayContaining(["--host", "10.77.0.2", "--count", "3", "--timeout", "200"]),
  );
});

test("Python files and executables are run by their own means", () => {
  expect(server({ "server.py": "" }).command)
    .toEqual(["python3", "-u", "/submission/server.py", "--port", "12000"]);
  expect(server({ "server*": "" }).command).toEqual(["/submission/server", "--port", "12000"]);
});

test("the lab's own name comes before others", () => {
  expect(server({ "server.ts": "", "server.py": "", "server*": "" }).command)
    .toContain("/submission/server.ts");
});

test("a command of submission.json is run instead, and the lab's arguments follow it", () => {
  const texts = { "server.ts": "", "my server.py": "" };
  const command = (argv: string[]) => server({ ...texts, ...json({ server: argv }) }).command;
  expect(command(["python3", "my server.py", "--quick"]))
    .toEqual(["python3", "my server.py", "--quick", "--port", "12000"]);
  expect(command(["/usr/bin/env", "x"])).toEqual(["/usr/bin/env", "x", "--port", "12000"]);
});

test("a command may begin with a file that was handed in", () => {
  for (const word of ["./bin/serve", "bin/serve", "bin/../bin/serve"]) {
    expect(server({ "bin/serve*": "", ...json({ server: [word] }) }).command)
      .toEqual(["/submission/bin/serve", "--port", "12000"]);
  }
});

test("what submission.json does not name is found by its file", () => {
  const placed = understood({ "client.ts": "", ...json({ server: ["nc"] }) }).at(PLACE);
  expect([placed.missing("server"), placed.missing("client")]).toEqual([null, null]);
});

test("a program that is not there is missing, by the lab's name for it", () => {
  const { at, programs } = understood({ "server_udp.py": "" }, lab2);
  expect(programs).toEqual(expect.arrayContaining(["server_tcp", "server_udp", "client_udp"]));
  expect(at(PLACE).missing("server_udp")).toBeNull();
  expect(at(PLACE).missing("client_udp")).toBe("client_udp.ts");
});

test("a single file is one program, whatever it is called", () => {
  const { at, programs } = understood({ "best.ts": "" }, lab3, "server");
  expect(programs).toEqual(["server"]);
  expect(at(PLACE).server("server", OPTIONS).command).toContain("/submission/best.ts");
});

test("a single file may be one of a folder, whatever else that is", () => {
  const texts = { "best.ts": "", "server.py": "", "submission.json": "[]" };
  const options = { lab: lab3!, name: "anna", program: "server", file: "best.ts" };
  const { at, programs } = handedIn(snapshotOf(files(texts)), options);
  expect(programs).toEqual(["server"]);
  expect(at(PLACE).server("server", OPTIONS).command).toContain("/submission/best.ts");
});

test.each([
  [{ "server.ts": "" }, "deno"],
  [{ "server.ts": "", "client.py": "" }, "python"],
  [{ "server*": "#!/usr/bin/env python3\n" }, "python"],
  [{ "server*": "#!/bin/sh\npython" }, "deno"],
  [json({ server: ["python3", "x.py"] }), "python"],
  [json({ server: ["/usr/bin/python3.11", "x.py"] }), "python"],
  [json({ server: ["ruby", "python"] }), "deno"],
  [{ "server.ts": "", ...json({ image: "python" }) }, "python"],
  [{ "server.py": "", ...json({ image: "deno" }) }, "deno"],
])("the image of %j is %s", (texts: Record<string, string>, image) => {
  expect(understood(texts).image).toBe(image);
});

test.each<[Record<string, string>, string | null]>([
  [{ "server.ts": "", "client.py": "" }, null],
  [json({ server: ["deno", "run", "x.ts"], client: ["python3.12", "x.py"] }), null],
  [{ "server.ts": "", "client*": "\x7fELF" }, "client"],
  [json({ server: ["ruby", "x.rb"] }), "ruby"],
  [json({ server: ["ruby", "x.rb"], image: "deno" }), null],
])("what is foreign of %j is %s", (texts, first) => {
  expect(understood(texts).foreign).toBe(first);
});

test("another image is for its caller to choose", () => {
  const snapshot = snapshotOf(files({ "server.ts": "", ...json({ image: "secrets:1" }) }));
  expect(() => handedIn(snapshot, { lab: lab3!, name: "anna" })).toThrow(
    'Name deno or python as "image" in submission.json, or grade it with --image, ' +
      "which is for who grades to choose: it names secrets:1",
  );
  expect(handedIn(snapshot, { lab: lab3!, name: "anna", image: "ruby:3" }).image).toBe("ruby:3");
});

test("a deno.json that was handed in counts where it says what a program needs", () => {
  const config = (text: string, more = {}) =>
    server({ "server.ts": "", "deno.json": text, ...more }).command
      .find((word) => /config/.test(word));
  expect(config('{ "imports": { "x": "./x.ts" } }')).toBe("--config=/submission/deno.json");
  expect(config("{")).toBe("--config=/submission/deno.json");
  expect(config('{ "importMap": "/etc/passwd" }')).toBe("--config=/submission/deno.json");
  expect(config('{ "tasks": { "x": "rm -rf /" }, "lock": false }')).toBe("--no-config");
  const std = '{ "imports": { "@std/cli/parse-args": "jsr:@std/cli" } }';
  expect(config(std)).toBe("--no-config");
  expect(config('{ "importMap": "./maps/../own.json" }', { "own.json": std })).toBe("--no-config");
});

test.each<[string, Record<string, string>, string]>([
  ["nothing", {}, "Hand in server.ts, client.ts, or a submission.json: there is none of them"],
  ["other files", { "README.md": "" }, "Hand in server.ts, client.ts, or a"],
  [
    "programs in a folder",
    { "lab3/server.ts": "" },
    "Move lab3/server.ts up into the submission's own folder: there is none of server.ts, client.ts",
  ],
  [
    "a file that nothing can run",
    { "server": "" },
    "Make server executable (chmod +x), or hand in a .ts, .js or .py file",
  ],
  ["a submission.json that is wrong", { "submission.json": "[]" }, "Write an object"],
  [
    "a command whose file may not be run",
    { serve: "", ...json({ server: ["./serve"] }) },
    "Make ./serve executable (chmod +x): submission.json starts a program with it",
  ],
  [
    "a command whose file is not there",
    json({ server: ["bin/\nserve"] }),
    "Hand in bin/␊serve: submission.json starts a program with it, and it is not there",
  ],
  ["a command out of the submission", json({ server: ["../../bin/sh"] }), "Hand in ../../bin/sh: "],
])("handedIn() rejects %s", (_, texts, message) => {
  expect(() => understood(texts)).toThrow(RejectedError);
  expect(() => understood(texts)).toThrow(message);
});
