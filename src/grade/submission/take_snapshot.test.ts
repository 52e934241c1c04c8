/** Reading what was handed in, whatever lies there. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeAll } from "../../engine/mod.ts";
import { RejectedError } from "./rejected_error.ts";
import { LIMITS, takeSnapshot } from "./take_snapshot.ts";

let scratch = "";
beforeEach(() => scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab-taken-" })));
afterEach(() => removeAll(scratch));

function write(path: string, text = "x", mode = 0o644): string {
  const at = `${scratch}/${path}`;
  Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(at, text);
  Deno.chmodSync(at, mode);
  return at;
}

const sh = (script: string) => {
  const { success } = new Deno.Command("bash", { args: ["-c", script], cwd: scratch }).outputSync();
  expect(success).toBe(true);
};

const paths = () => takeSnapshot(scratch).files.map(({ path }) => path);

test("takeSnapshot() holds each regular file with its bytes and whether it may be run", () => {
  write("server.ts", "one");
  write("data/words.txt", "two");
  write("run me", "", 0o755);
  const { files, notes } = takeSnapshot(scratch);
  expect(notes).toEqual([]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  expect(files.map(({ path, executable, bytes }) => [path, executable, text(bytes)])).toEqual([
    ["data/words.txt", false, "two"],
    ["run me", true, ""],
    ["server.ts", false, "one"],
  ]);
});

test("takeSnapshot() of a file holds that one", () => {
  write("other.ts");
  const { files } = takeSnapshot(write("server.ts", "one"));
  expect(files.map(({ path }) => path)).toEqual(["server.ts"]);
});

test("takeSnapshot() keeps names as they are", () => {
  const names = [" ", "-rf", "a\nb", 'it\'s "$(x)"', "é"];
  for (const name of names) write(name);
  expect(paths()).toEqual(names);
});

test("takeSnapshot() has a hash of names, modes and bytes, and of nothing else", () => {
  const hash = () => takeSnapshot(scratch).hash;
  const seen = [hash()];
  const differs = () => {
    expect(seen).not.toContain(hash());
    seen.push(hash());
  };
  const file = write("a/b", "x");
  differs();
  write("a/b", "y");
  differs();
  Deno.chmodSync(file, 0o700);
  differs();
  Deno.renameSync(file, `${scratch}/a/c`);
  differs();
  Deno.utimeSync(`${scratch}/a/c`, 7, 7);
  Deno.chmodSync(`${scratch}/a/c`, 0o711);
  Deno.mkdirSync(`${scratch}/empty`);
  expect(hash()).toBe(seen.at(-1));
});

test("takeSnapshot() leaves out what tools and runs have made", () => {
  for (const folder of [".git", "node_modules", "a/__pycache__", ".venv", "out/lab3"]) {
    write(`${folder}/x`);
  }
  write("out/server");
  expect(paths()).toEqual(["out/server"]);
});

test("takeSnapshot() follows no link and opens nothing that is no file, and says so", () => {
  write("server.ts");
  sh("ln -s /etc/passwd client.ts; ln -s / up; ln -s nowhere lost; mkfifo pipe");
  using _ = Deno.listen({ transport: "unix", path: `${scratch}/socket` });
  const { files, notes } = takeSnapshot(scratch);
  expect(files.map(({ path }) => path)).toEqual(["server.ts"]);
  expect(notes).toEqual([
    "client.ts was left out: it is a symbolic link",
    "lost was left out: it is a symbolic link",
    "pipe was left out: it is no regular file",
    "socket was left out: it is no regular file",
    "up was left out: it is a symbolic link",
  ]);
});

test("takeSnapshot() leaves out names that are not UTF-8, and shows others on one line", () => {
  write("server.ts");
  sh(`touch $'a\\xff.ts'; mkdir $'b\\xfe'; touch $'b\\xfe/c'; ln -s x $'c\\n\\x1b[31md'`);
  const { files, notes } = takeSnapshot(scratch);
  expect(files.map(({ path }) => path)).toEqual(["server.ts"]);
  expect(notes).toEqual([
    "a�.ts was left out: its name is not UTF-8",
    "b� was left out: its name is not UTF-8",
    "c␊␛[31md was left out: it is a symbolic link",
  ]);
});

test("takeSnapshot() refuses a link in the place of the whole", () => {
  write("mine/server.ts");
  sh("ln -s mine link");
  expect(() => takeSnapshot(`${scratch}/link`)).toThrow(/^Make .*\/link readable: /);
});

test("takeSnapshot() refuses what is neither folder nor file, and what is not there", () => {
  sh("mkfifo pipe");
  expect(() => takeSnapshot(`${scratch}/pipe`)).toThrow(
    /^Hand in a folder or a file: .* is neither$/,
  );
  expect(() => takeSnapshot(`${scratch}/none`)).toThrow(/^Make .*\/none readable: No such file/);
});

test("takeSnapshot() refuses a file of 2 GB by its size", () => {
  write("server.ts");
  sh("truncate -s 2G big.bin");
  const before = Deno.memoryUsage().rss;
  expect(() => takeSnapshot(scratch)).toThrow(
    "Hand in 32 MiB at most: with big.bin, of 2147483648 bytes, it is more",
  );
  expect(Deno.memoryUsage().rss - before).toBeLessThan(500 * 2 ** 20);
});

test("takeSnapshot() takes all files together up to the limit", () => {
  write("a", "12345");
  write("b", "12345");
  const take = (bytes: number) => takeSnapshot(scratch, { ...LIMITS, bytes });
  expect(take(10).files.length).toBe(2);
  expect(() => take(9)).toThrow(RejectedError);
});

test("takeSnapshot() counts whatever lies there", () => {
  sh("mkdir -p d; ln -s x d/link; touch a b");
  const take = (entries: number) => takeSnapshot(scratch, { ...LIMITS, entries });
  expect(take(4).files.length).toBe(2);
  expect(() => take(3)).toThrow("Hand in fewer files: there are more than 3");
});

test("takeSnapshot() goes so many folders deep", () => {
  write(`${"d/".repeat(15)}x`);
  expect(paths().length).toBe(1);
  write(`${"d/".repeat(16)}x`);
  expect(paths).toThrow(
    /^Hand in fewer folders inside one another: (d\/)+\S+ is more than 16 deep$/,
  );
});

test.runIf(Deno.uid() === 0)("takeSnapshot() says what it may not read", () => {
  // Root may read everything, so somebody else tries.
  const script = `import { takeSnapshot } from "${new URL("take_snapshot.ts", import.meta.url)}";
    try { takeSnapshot(Deno.args[0]); } catch (error) { console.log(error.name, error.message); }`;
  const said = (path: string) => {
    const args = ["eval", "--ext=ts", script, path];
    const { stdout } = new Deno.Command(Deno.execPath(), {
      args,
      uid: 65534,
      env: { DENO_DIR: `${scratch}/cache`, NO_COLOR: "1" },
    }).outputSync();
    return new TextDecoder().decode(stdout);
  };
  Deno.mkdirSync(`${scratch}/cache`);
  Deno.chmodSync(`${scratch}/cache`, 0o777);
  Deno.chmodSync(scratch, 0o755);
  write("mine/server.ts", "x", 0o600);
  write("mine/a\nb/c");
  expect(said(`${scratch}/mine`)).toBe(
    "RejectedError Make server.ts readable: Permission denied\n",
  );
  Deno.removeSync(`${scratch}/mine/server.ts`);
  Deno.chmodSync(`${scratch}/mine/a\nb`, 0o700);
  expect(said(`${scratch}/mine`)).toBe("RejectedError Make a␊b readable: Permission denied\n");
  Deno.chmodSync(`${scratch}/mine`, 0o700);
  expect(said(`${scratch}/mine`)).toMatch(
    /^RejectedError Make .*mine readable: Permission denied\n$/,
  );
});
