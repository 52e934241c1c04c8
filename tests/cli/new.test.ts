/** A student's own folder, as `./lab new` makes it and as its owner uses it, outside the checkout. */
import { describe, expect, test } from "vitest";
import { fromFileUrl } from "../../scripts/paths.ts";
import { sourceFiles } from "../../scripts/source_files.ts";
import { discoverLabs } from "../../src/lab/mod.ts";
import { cannotRun, ROOT, useStage } from "./lab_stage.ts";

const context = useStage();
const labs = discoverLabs(ROOT).map(({ manifest, folder }): [string, string] => [
  manifest.id,
  folder,
]);

/** The environment of a student whose Deno has fetched nothing yet, and cannot. */
function offline(): Record<string, string> {
  const path = `${Deno.execPath().replace(/\/[^/]*$/, "")}:${Deno.env.get("PATH")}`;
  const nowhere = "http://127.0.0.1:9";
  const proxies = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: "" };
  return { PATH: path, DENO_DIR: `${context.stage.folder}/cache`, NO_COLOR: "1", ...proxies };
}

describe.skipIf(cannotRun !== "")("a student's folder runs and checks its programs", () => {
  test("by its tasks, where nothing can be fetched", async () => {
    const { stage } = context;
    const folder = `${stage.folder}/my first lab`;
    const made = await stage.lab("new", "lab3", folder);
    expect(made).toMatchObject({ status: 0, err: "" });
    expect(made.out).toContain(
      `Next: cd '${folder}', then ./lab run lab3 --server . --client . --netem none\n`,
    );

    const options = { cwd: folder, env: offline() };
    const run = await stage.shell("deno task run --netem none --count 3 --interval 10", options);
    expect(run).toMatchObject({ status: 0 });
    expect(run.out).toContain("1 packets transmitted, 1 received, 0% packet loss");
    expect(run.out).toMatch(/^again +\.\/lab run lab3 .*--server \. --client \. --seed \d+$/m);
    expect([...Deno.readDirSync(`${folder}/out/lab3`)].length).toBeGreaterThan(0);

    const check = await stage.shell("deno task check --only two-clients", options);
    expect(check).toMatchObject({ status: 0 });
    expect(check.out).toMatch(/^6 of 6 points in /m);
  }, 60_000);

  test(
    "by a command that is told as it was typed, and leaves what it does in the same place",
    async () => {
      const { stage } = context;
      await stage.lab("new", "lab3", `${stage.folder}/my lab`);
      const short = "run lab3 --netem none --server 'my lab' --client 'my lab' --count 1";
      const first = await stage.shell(`'my lab/lab' ${short}`, { cwd: stage.folder });
      const again = /^again +(.*)$/m.exec(first.out)![1]!;
      expect(again).toMatch(/^'my lab\/lab' run lab3 --netem none /);
      const second = await stage.shell(again, { cwd: stage.folder });
      expect(second.out).toContain(`again      ${again}\n`);
      for (const { out } of [first, second]) {
        expect(out).toMatch(/^artifacts {2}my lab\/out\/lab3\//m);
      }
      const bare = await stage.shell(`sh lab run lab3 --server . --netem none --count 1`, {
        cwd: `${stage.folder}/my lab`,
      });
      expect(bare.out).toMatch(/^again +\.\/lab run lab3 /m);
    },
    60_000,
  );

  test("with changes of its owner's", async () => {
    const { stage } = context;
    await stage.lab("new", "lab3", `${stage.folder}/mine`);
    const server = `${stage.folder}/mine/server.ts`;
    const text = Deno.readTextFileSync(server);
    Deno.writeTextFileSync(server, text.replace("send(request", "send(new Uint8Array(1)"));
    const line = "./lab check lab3 --only two-clients";
    const { status, out } = await stage.shell(line, { cwd: `${stage.folder}/mine` });
    expect({ status, zero: out.includes("0 of 6 points") }).toEqual({ status: 1, zero: true });
  }, 60_000);
});

test.each(labs)(
  "the folder of %s has links that lead somewhere, and nothing of the solution",
  async (id, lab) => {
    const { stage } = context;
    const folder = `${stage.folder}/mine`;
    expect((await stage.lab("new", id, folder)).status).toBe(0);
    const files = sourceFiles(folder);
    const starter = sourceFiles(`${lab}/starter`).filter((path) => !/\.test\.ts$/.test(path));
    expect(files).toEqual([
      ...[".vscode/extensions.json", ".vscode/settings.json", "README.md"],
      ...["deno.json", "imports.json", "lab", "types/std.d.ts"],
      ...starter,
    ].sort());
    for (const path of starter) {
      expect(Deno.readTextFileSync(`${folder}/${path}`))
        .toBe(Deno.readTextFileSync(`${lab}/starter/${path}`));
    }
    const handout = Deno.readTextFileSync(`${folder}/README.md`);
    for (const [, link = ""] of handout.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(link)) continue;
      const path = link.startsWith("file:") ? fromFileUrl(link) : `${folder}/${link}`;
      expect(() => Deno.statSync(path), link).not.toThrow();
      expect(path).not.toMatch(/\/(?:solution|broken|checks)(?:\/|$)/);
    }
  },
);

test("a student's programs are checked and run by hand where nothing can be fetched", async () => {
  const { stage } = context;
  const folder = `${stage.folder}/mine`;
  await stage.lab("new", "lab6", folder);
  const options = { cwd: folder, env: offline() };
  expect(await stage.shell("deno check --quiet *.ts", options)).toMatchObject({
    status: 0,
    err: "",
  });
  expect(await stage.shell("deno run --allow-net swarm.ts --port 0", options)).toEqual({
    status: 2,
    out: "",
    err: 'swarm: --port must be a whole number from 1 to 65535, is "0"\n',
  });
}, 60_000);

test("lab new does not ask for what is given as it is", async () => {
  const { stage } = context;
  const { out } = await stage.lab("new", "lab6", `${stage.folder}/mine`);
  expect(out).toMatch(/^ {2}client\.ts, .*, thread\.ts {2}yours to finish\n {2}swarm\.ts {2}many/m);
});

test("lab new refuses a folder with something in it, in one line with status 2", async () => {
  const { stage } = context;
  Deno.mkdirSync(`${stage.folder}/full`);
  Deno.writeTextFileSync(`${stage.folder}/full/mine.ts`, "");
  const { status, out, err } = await stage.lab("new", "lab3", `${stage.folder}/full`);
  expect({ status, out, err }).toEqual({
    status: 2,
    out: "",
    err: "lab: Choose an empty folder, or one that is not there yet: " +
      `${stage.folder}/full has mine.ts\n`,
  });
  expect(sourceFiles(`${stage.folder}/full`)).toEqual(["mine.ts"]);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "lab new leaves a whole folder or none, whenever %s comes",
  async (signal) => {
    const { stage } = context;
    const whole = `${stage.folder}/whole`;
    await stage.lab("new", "lab3", whole);
    // From before Deno runs until after the folder is there, on a machine that is idle or busy.
    for (let ms = 5; ms < 200; ms = Math.ceil(ms * 1.3)) {
      const base = `${stage.folder}/base`;
      Deno.mkdirSync(base);
      const running = stage.start(["new", "lab3", `${base}/deep/mine`]);
      const timer = setTimeout(() => running.signal(signal), ms);
      const { err } = await running.end();
      clearTimeout(timer);
      const files = sourceFiles(base).map((path) => path.replace(/^deep\/mine\//, ""));
      if (signal === "SIGKILL") {
        // Who is killed cannot tidy up; where the folder was to be there is nothing, or all of it.
        const hidden = files.filter((path) => path.startsWith(".socklab-new-"));
        if (hidden.length < files.length) expect(files).toEqual(sourceFiles(whole));
      } else {
        expect({ err, files }).toEqual({
          err: "",
          files: files.length === 0 ? [] : sourceFiles(whole),
        });
        expect([...Deno.readDirSync(base)].map(({ name }) => name))
          .toEqual(files.length === 0 ? [] : ["deep"]);
      }
      Deno.removeSync(base, { recursive: true });
    }
  },
  60_000,
);

test("a student's ./lab says what to do where the checkout has moved", async () => {
  const { stage } = context;
  const folder = `${stage.folder}/mine`;
  await stage.lab("new", "lab3", folder);
  const env = { SOCKLAB: "/no/where" };
  expect(await stage.shell("./lab list", { cwd: folder, env })).toEqual({
    status: 2,
    out: "",
    err: "lab: Set SOCKLAB to the checkout of Socklab: there is none at /no/where\n",
  });
});
