import { expect, test } from "vitest";
import { Artifacts, folderName } from "./artifacts.ts";

async function scratch(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await Deno.makeTempDir({ prefix: "socklab-artifacts-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

const start = new Date("2026-11-21T07:30:12.345Z");

test("folderName() sorts by time and holds no character that a file system refuses", () => {
  expect(folderName(start)).toBe("2026-11-21T07-30-12Z");
});

test("Artifacts.create() makes a folder a run, and latest points to the newest", async () => {
  await using out = await scratch();
  const notices: string[] = [];
  const make = () => Artifacts.create(out.path, "lab3", start, (line) => notices.push(line));
  await using first = await make();
  await using second = await make();
  await first?.begin();
  await second?.begin();
  expect(first?.folder).toBe(`${out.path}/lab3/2026-11-21T07-30-12Z`);
  expect(second?.folder).toBe(`${out.path}/lab3/2026-11-21T07-30-12Z-2`);
  expect(await Deno.realPath(`${out.path}/lab3/latest`)).toBe(second?.folder);
  expect(notices).toEqual([]);
});

test("Artifacts keep what is appended and written", async () => {
  await using out = await scratch();
  {
    await using artifacts = await Artifacts.create(out.path, "lab3", start, () => {});
    await artifacts!.begin();
    artifacts!.append("a.log", "one\n");
    artifacts!.append("a.log", new TextEncoder().encode("two\n"));
    artifacts!.appendAll("b.pcap", ReadableStream.from([new Uint8Array([1]), new Uint8Array([2])]));
    artifacts!.write("summary.json", "{}\n");
  }
  const folder = `${out.path}/lab3/latest`;
  expect(await Deno.readTextFile(`${folder}/a.log`)).toBe("one\ntwo\n");
  expect(await Deno.readFile(`${folder}/b.pcap`)).toEqual(new Uint8Array([1, 2]));
  expect(await Deno.readTextFile(`${folder}/summary.json`)).toBe("{}\n");
  expect([...Deno.readDirSync(folder)].map((entry) => entry.name).sort())
    .toEqual(["a.log", "b.pcap", "summary.json"]);
});

test("Artifacts of a run that does not begin leave nothing, and the latest is the one before", async () => {
  await using out = await scratch();
  const make = async () => (await Artifacts.create(out.path, "lab3", start, () => {}))!;
  {
    await using before = await make();
    await before.begin();
  }
  {
    await using refused = await make();
    refused.appendAll("client.pcap", ReadableStream.from([new Uint8Array([1])]));
  }
  expect([...Deno.readDirSync(`${out.path}/lab3`)].map(({ name }) => name).sort())
    .toEqual(["2026-11-21T07-30-12Z", "latest"]);
  expect(await Deno.readLink(`${out.path}/lab3/latest`)).toBe("2026-11-21T07-30-12Z");
});

test("Artifacts.create() says one line and returns null where the folder cannot be made", async () => {
  await using out = await scratch();
  await Deno.writeTextFile(`${out.path}/lab3`, "a file where the folder should be");
  const notices: string[] = [];
  expect(await Artifacts.create(out.path, "lab3", start, (line) => notices.push(line))).toBeNull();
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(
    /^Choose another folder than .*\/lab3 to keep artifacts: File exists; going on without them$/,
  );
});

test.each([
  ["/proc/none", "Choose another folder than /proc/none/lab3 to keep artifacts: No such file or "],
  ["/sys/none", "Make /sys/none/lab3 writable to keep artifacts: "],
])("Artifacts.create() in %s says what is the matter with it", async (folder, words) => {
  const notices: string[] = [];
  expect(await Artifacts.create(folder, "lab3", start, (line) => notices.push(line))).toBeNull();
  expect(notices).toEqual([expect.stringContaining(words)]);
});

test("Artifacts say once that the disk is full, and take no more", async () => {
  await using out = await scratch();
  const notices: string[] = [];
  await using artifacts = await Artifacts.create(
    out.path,
    "lab3",
    start,
    (line) => notices.push(line),
  );
  // /dev/full takes nothing: every write fails as on a full disk.
  await Deno.symlink("/dev/full", `${artifacts!.folder}/events.jsonl`);
  artifacts!.append("events.jsonl", "x");
  artifacts!.append("events.jsonl", "y");
  artifacts!.write("summary.json", "{}");
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/^Free space at .*: No space left on device; the artifacts end here$/);
});

test("part() keeps each of several runs in a folder of its own, and none of one that did not begin", async () => {
  await using out = await scratch();
  {
    await using whole = await Artifacts.create(out.path, "lab2", start, () => {});
    await using first = await whole!.part("server_tcp");
    await using second = await whole!.part("server_udp");
    await first!.begin();
    first!.append("client.log", "one\n");
    second!.append("client.log", "two\n");
    whole!.write("comparison.json", "{}\n");
  }
  const latest = `${out.path}/lab2/latest`;
  expect([...Deno.readDirSync(latest)].map(({ name }) => name).sort())
    .toEqual(["comparison.json", "server_tcp"]);
  expect(await Deno.readTextFile(`${latest}/server_tcp/client.log`)).toBe("one\n");
});
