/** Finding submissions: paths as people give them, and folders as learning platforms unpack them. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeAll } from "../../engine/mod.ts";
import { findLab } from "../../lab/mod.ts";
import { findSubmissions } from "./find_submissions.ts";
import { RejectedError } from "./rejected_error.ts";

const REPO = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const lab = findLab(REPO, "lab3");

let scratch = "";
beforeEach(() => scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab found " })));
afterEach(() => removeAll(scratch));

function write(...paths: string[]): void {
  for (const path of paths) {
    const at = `${scratch}/${path}`;
    Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    if (!path.endsWith("/")) Deno.writeTextFileSync(at, "x");
  }
}

const link = (to: string, at: string) => Deno.symlinkSync(to, `${scratch}/${at}`);
const find = (...paths: string[]) =>
  findSubmissions(paths.map((path) => `${scratch}/${path}`.replace(/\/$/, "")), lab);
const names = (...paths: string[]) => find(...paths).submissions.map(({ name }) => name);

function refusal(...paths: string[]): string {
  try {
    find(...paths);
  } catch (error) {
    expect(error).toBeInstanceOf(RejectedError);
    return (error as Error).message.replaceAll(`${scratch}/`, "");
  }
  throw new Error("It was not refused");
}

test.each(["server.ts", "client.py", "server", "submission.json"])(
  "a folder with %s is one submission",
  (file) => {
    write(`anna/${file}`, "anna/more/server.ts");
    expect(find("anna")).toEqual({
      submissions: [{ name: "anna", path: `${scratch}/anna`, rejected: null }],
      notes: [],
    });
  },
);

test("a file of a program's name is one submission", () => {
  write("server.ts", "client.py");
  const at = (name: string, program: string) => {
    return { name, path: `${scratch}/${name}`, program, rejected: null };
  };
  expect(find("server.ts", "client.py").submissions).toEqual([
    at("server.ts", "server"),
    at("client.py", "client"),
  ]);
});

test("of a folder of submissions each folder is one, whatever is in it and whatever it is called", () => {
  const folders = ["x..%2f", "Ünal, Özge", "a b", "a\nb", 'it\'s "x"', "--jobs"];
  for (const folder of folders) write(`all/${folder}/server.ts`);
  write("all/empty/");
  const { submissions, notes } = find("all");
  expect(submissions.map(({ name }) => name)).toEqual([...folders, "empty"].sort());
  expect(submissions.filter(({ rejected }) => rejected !== null)).toEqual([]);
  expect(notes).toEqual([]);
});

test("what is no submission is left out, and told in one line", () => {
  write("all/anna/server.ts", "all/.DS_Store", "all/.git/server.ts", "all/__MACOSX/anna/x");
  write("all/node_modules/x", "all/roster.csv");
  link("anna", "all/latest");
  const { submissions, notes } = find("all");
  expect(submissions.map(({ name }) => name)).toEqual(["anna"]);
  expect(notes).toEqual([
    `Left out of ${scratch}/all, as they are no submissions: .DS_Store, .git, __MACOSX and 3 more`,
  ]);
});

test("an entry that is a link out of its folder, or leads nowhere, is rejected and not followed", () => {
  write("outside/server.ts", "all/anna/server.ts");
  link(`${scratch}/outside`, "all/ben");
  link("/etc/passwd", "all/eve");
  link("nobody", "all/lost");
  link("..", "all/up");
  const rejected = find("all").submissions.map(({ name, rejected }) => [name, rejected]);
  const why = (name: string) =>
    `Put a folder in the place of ${name}: it is a symbolic link, which is not followed`;
  expect(rejected).toEqual([
    ["anna", null],
    ...["ben", "eve", "lost", "up"].map((name) => [name, why(name)]),
  ]);
});

test("an entry that is an archive is rejected, by its name or by how it begins", () => {
  write("all/anna/server.ts", "all/ben.zip", "all/carl");
  Deno.writeTextFileSync(`${scratch}/all/carl`, "PK\x03\x04");
  expect(find("all").submissions.slice(1).map(({ rejected }) => rejected)).toEqual([
    "Unpack ben.zip first: it is an archive",
    "Unpack carl first: it is an archive",
  ]);
});

test("an entry whose name is not UTF-8 is rejected", () => {
  write("all/anna/server.ts");
  const script = `mkdir $'all/b\\xff'`;
  new Deno.Command("bash", { args: ["-c", script], cwd: scratch }).outputSync();
  expect(find("all").submissions.at(-1)).toMatchObject({
    name: "b�",
    rejected: "Rename b�: its name is not UTF-8",
  });
});

test("a path that is given may itself be a link: what it leads to is taken, under the name given", () => {
  write("anna/server.ts", "best.ts");
  link("anna", "mine");
  link("best.ts", "server.ts");
  expect(find("mine", "server.ts").submissions).toEqual([
    { name: "mine", path: `${scratch}/anna`, rejected: null },
    { name: "server.ts", path: `${scratch}/best.ts`, program: "server", rejected: null },
  ]);
});

test("several paths: names are made unlike each other, and nothing is taken twice", () => {
  write("1/anna/server.ts", "2/anna/server.ts", "2/ben/server.ts");
  expect(names("1/anna", "2", "2/ben/")).toEqual(["1/anna", "2/anna", "ben"]);
});

test.each<[string, string, (name: string) => void]>([
  ["nothing", "Give a folder or file that exists, not it", () => {}],
  ["a link that leads nowhere", "Give a folder or file that exists, not it", (it) => {
    link("nowhere", it);
  }],
  [
    "an empty folder",
    "Give a folder with lab3's programs (server.ts, client.ts), or one of such folders: it is empty",
    (it) => write(`${it}/`),
  ],
  [
    "a folder with other things",
    "Give a folder with lab3's programs (server.ts, client.ts), or one of such folders: it is neither",
    (it) => write(`${it}/.git/x`, `${it}/notes.txt`),
  ],
  [
    "a file of another name",
    "Give a folder, or a file that is called as one of lab3's programs (server.ts, client.ts): it is neither",
    (it) => write(it),
  ],
  ["an archive", "Unpack it and give the folder: it is an archive", (it) => {
    Deno.writeTextFileSync(`${scratch}/${it}`, "PK\x03\x04");
  }],
  ["a FIFO", "Give a folder or a program's file: it is neither", (it) => {
    new Deno.Command("mkfifo", { args: [`${scratch}/${it}`] }).outputSync();
  }],
])("%s is refused in one line", (_, message, make) => {
  make("it");
  expect(refusal("it")).toBe(message);
});

test("names in messages are shown on one line", () => {
  expect(refusal("a\nb\x1b[31m")).toBe("Give a folder or file that exists, not a␊b␛[31m");
});

test.runIf(Deno.uid() === 0)("a path that one may not look into is refused", () => {
  // Root may look everywhere, so somebody else tries.
  const url = (path: string) => new URL(path, import.meta.url).href;
  const script = `import { findSubmissions } from "${url("find_submissions.ts")}";
    import { findLab } from "${url("../../lab/mod.ts")}";
    try { findSubmissions([Deno.args[0]], findLab("${REPO}", "lab3")); }
    catch (error) { console.log(error.name, error.message); }`;
  write("mine/inner/server.ts", "cache/");
  Deno.chmodSync(`${scratch}/cache`, 0o777);
  Deno.chmodSync(`${scratch}/mine`, 0o700);
  Deno.chmodSync(scratch, 0o755);
  for (const path of ["mine", "mine/inner"]) {
    const { stdout } = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--ext=ts", script, path],
      cwd: scratch,
      uid: 65534,
      env: { DENO_DIR: `${scratch}/cache`, NO_COLOR: "1" },
    }).outputSync();
    expect(new TextDecoder().decode(stdout))
      .toBe(`RejectedError Make ${path} readable: Permission denied\n`);
  }
});
