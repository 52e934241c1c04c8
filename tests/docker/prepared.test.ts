/** Containers that are made for programs to come. */
import { expect, test } from "vitest";
import { type ProgramSpec, startTestbed } from "../../src/engine/mod.ts";
import { until } from "../link/poll.ts";
import { dockerLines } from "./docker_cli.ts";
import { describeDocker } from "./engine.ts";

const patience = 60_000;
const lab = `prepared-${Deno.pid}`;

/** A program in a folder of its own, so that no other's container will do. */
function programIn(folder: string): ProgramSpec {
  Deno.mkdirSync(folder);
  Deno.chmodSync(folder, 0o755);
  const file = `${folder}/server.ts`;
  Deno.writeTextFileSync(file, "await new Promise(() => setInterval(() => {}, 1000));");
  const command = ["deno", "run", file];
  return { command, container: { command, reads: [file] } };
}

function servers(): Promise<string[]> {
  const labels = ["--filter", `label=socklab.lab=${lab}`, "--filter", "label=socklab.role=server"];
  return dockerLines("container", "ls", "--all", "--quiet", ...labels);
}

describeDocker("prepare() on the docker engine", () => {
  test(
    "keeps one container for the next program, and none for those that did not come",
    async () => {
      const folder = Deno.makeTempDirSync({ prefix: "socklab-prepared-" });
      Deno.chmodSync(folder, 0o755);
      try {
        const [one, two, three] = ["one", "two", "three"].map((name) =>
          programIn(`${folder}/${name}`)
        );
        await using testbed = await startTestbed("docker", { lab });
        for (const program of [one!, two!, three!]) testbed.prepare!("server", program);
        const program = await testbed.startServer(three!);
        await until(servers, (ids) => ids.length === 1, 20_000);
        await program[Symbol.asyncDispose]();
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
      expect(await servers()).toEqual([]);
    },
    patience,
  );
});
