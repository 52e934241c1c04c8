/** A lab's server in its container without a run: it stands behind the link for whoever comes. */
import { expect, test } from "vitest";
import { DockerComposeEnvironment, Wait } from "testcontainers";
import { describeDocker } from "../docker/engine.ts";
import { TESTCONTAINERS_ENV } from "../docker/testcontainers.ts";
import { ROOT, useCompose } from "./compose_stage.ts";

const context = useCompose();

describeDocker("the service lab3-server", () => {
  test("serves by the name server without a run, tells its log, and ends when told", async () => {
    const { stage } = context;
    const environment = await new DockerComposeEnvironment(ROOT, "compose.yaml")
      .withProjectName(stage.project)
      .withEnvironment({ ...stage.env, ...TESTCONTAINERS_ENV })
      .withWaitStrategy("lab3-server-1", Wait.forLogMessage("Server listens on UDP 0.0.0.0:12000"))
      .up(["lab3-server"]);
    const client = "/socklab/labs/lab3-udp-uppercase/solution/client.ts";
    const command =
      `deno run --unstable-net --allow-net --no-config --import-map=$LAB_IMPORTS ${client}`;
    const { status, out } = await stage.start(
      ["run", "--rm", "-T", "--entrypoint", "sh", "lab3", "-c", `${command} --host server`],
      { input: "hello\n" },
    ).end();
    expect({ status, out }).toEqual({ status: 0, out: "HELLO\n" });
    const server = environment.getContainer("lab3-server-1");
    const killed = await server.exec([
      "sh",
      "-c",
      "kill -9 $(ps | awk '/[s]olution\\/server/ { print $1 }')",
    ]);
    expect(killed.exitCode).toBe(0);
    const logs = stage.start(["logs", "--follow", "lab3-server"]);
    await logs.printed(/The server has ended by itself \(SIGKILL\): the next run starts it again/);
    await environment.down({ timeout: 5000 });
    expect(await stage.left()).toEqual([]);
  });
});
