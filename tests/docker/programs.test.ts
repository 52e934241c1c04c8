/** What programs are given on the docker engine beside the network: a folder to write, memory that is told. */
import { expect, test } from "vitest";
import { describeDocker } from "./engine.ts";
import { useDockerStage } from "./docker_stage.ts";

const context = useDockerStage();
const patience = 60_000;

describeDocker("lab run on the docker engine", () => {
  test("of lab5 leaves logs on the disk, and their numbers go on", async () => {
    const { stage } = context;
    const logs = `${stage.out}/lab5/logs`;
    for (const files of [3, 6]) {
      const run = await stage.lab("run", "lab5", "--out", stage.out, "--netem", "none");
      expect(run).toMatchObject({ status: 0, err: "" });
      expect([...Deno.readDirSync(logs)].map(({ name }) => name).sort())
        .toEqual(Array.from({ length: files }, (_, i) => `log${i}.txt`));
    }
  }, patience);

  test("of lab6 tells the memory of a server with its processes", async () => {
    const { stage } = context;
    // Long enough for the engine to look more than once, which takes it a while.
    const amounts = ["--swarm", "4", "--count", "30", "--netem", "none"];
    const args = ["run", "lab6", "--out", stage.out, ...amounts, "--json"];
    const memory = async (program: string) => {
      const { out } = await stage.lab(...args, "--program", program);
      return (JSON.parse(out) as { programs: { memory_bytes: number }[] }).programs[0]!
        .memory_bytes;
    };
    const one = await memory("server_event_loop");
    expect(one).toBeGreaterThan(1_000_000);
    expect(await memory("server_processes")).toBeGreaterThan(3 * one);
  }, patience);

  test("of a program that writes elsewhere is refused", async () => {
    const { stage } = context;
    Deno.mkdirSync(`${stage.folder}/mine`);
    const server = stage.program(
      "mine/server.ts",
      `const attempts = ["/tmp/a", "${stage.folder}/mine/a"].map((path) => {
        try { Deno.writeTextFileSync(path, ""); return "wrote"; } catch (error) { return error.name; }
      });
      console.log("attempts", ...attempts);
      for await (const conn of Deno.listen({ port: 6015 })) { conn.write(new TextEncoder().encode(new Date().toISOString() + "\\r\\n")); }`,
    );
    const run = await stage.lab(
      ...["run", "lab5", "--out", stage.out, "--netem", "none", "--server", server],
    );
    expect(run.out).toContain("attempts NotCapable NotCapable");
    expect([...Deno.readDirSync(`${stage.folder}/mine`)].map(({ name }) => name))
      .toEqual(["server.ts"]);
  }, patience);
});
