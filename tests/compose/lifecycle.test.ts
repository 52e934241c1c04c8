/** How runs in Compose are broken off, and what that leaves. */
import { expect, test } from "vitest";
import type { RunningLab } from "../cli/lab_stage.ts";
import { docker } from "../docker/docker_cli.ts";
import { describeDocker } from "../docker/engine.ts";
import { linesOf, SHORT, textOf, useCompose } from "./compose_stage.ts";

const context = useCompose();
const endless = { LAB_NETEM: "none", LAB_COUNT: "100000", LAB_INTERVAL: "20" };

/** Runs until an answer has come. */
async function underWay(running: RunningLab): Promise<void> {
  await running.printed(/link │ +\d+ {2}answered/);
}

describeDocker("docker compose up lab3, broken off", () => {
  test("Ctrl-C: the run tells its statistics and ends within Compose's grace", async () => {
    const { stage } = context;
    const running = stage.start(["up", "lab3"], { env: endless });
    await underWay(running);
    const began = performance.now();
    running.signal("SIGINT");
    await running.end();
    expect(performance.now() - began).toBeLessThan(8000);
    // Compose shows nothing more once it is interrupted; the log has all.
    const text = textOf(await stage.compose(["logs", "lab3"]));
    expect(text).toMatch(/^client │ \d+ packets transmitted/m);
    expect(text).toMatch(/^server │ Server stopped$/m);
    expect(text).toMatch(/^\d+ packets transmitted, \d+ received/m);
    const status = await docker(
      "inspect",
      "--format",
      "{{.State.ExitCode}}",
      `${stage.project}-lab3-1`,
    );
    expect(status).toBe("130");
    // What stands begins anew.
    expect((await stage.up(SHORT)).status).toBe(0);
  });

  test("a client container that is killed leaves the server to the next run", async () => {
    const { stage } = context;
    const running = stage.start(["up", "lab3"], { env: endless });
    await underWay(running);
    await stage.compose(["kill", "lab3"]);
    await running.end();
    expect((await stage.up(SHORT)).status).toBe(0);
  });

  test("a link that is restarted in the middle is one clear line, and the next up works", async () => {
    const { stage } = context;
    const running = stage.start(["up", "lab3"], { env: endless });
    await underWay(running);
    await stage.compose(["restart", "--timeout", "1", "--no-deps", "lab3-link"]);
    const run = await running.end();
    expect(linesOf(run).at(-1)).toBe("lab: Run docker compose up again: the link has ended");
    expect(run.out + run.err).toMatch(/lab3-1 exited with code 3/);
    expect((await stage.up(SHORT)).status).toBe(0);
  });

  test("a link that is killed in its container is started again for the next run", async () => {
    const { stage } = context;
    const running = stage.start(["up", "lab3"], { env: endless });
    await underWay(running);
    const kill = "kill -9 $(ps | awk '/[m]ain.ts/ { print $1 }')";
    expect((await stage.exec("lab3-link", "sh", "-c", kill)).status).toBe(0);
    expect(linesOf(await running.end()).at(-1))
      .toBe("lab: Run docker compose up again: the link has ended");
    expect((await stage.up(SHORT)).status).toBe(0);
  });

  test("a server's container that ends in the middle is one clear line", async () => {
    const { stage } = context;
    const running = stage.start(["up", "lab3"], { env: endless });
    await underWay(running);
    await stage.compose(["kill", "lab3-server"]);
    const run = await running.end();
    expect(linesOf(run).at(-1))
      .toBe("lab: Run docker compose up again: the server's container has ended");
    expect((await stage.up(SHORT)).status).toBe(0);
  });

  test.each(["", "lab3-link"])(
    "docker compose restart %s leaves the server in the network of the link",
    async (service) => {
      const { stage } = context;
      expect((await stage.up(SHORT)).status).toBe(0);
      const services = service === "" ? [] : [service];
      expect((await stage.compose(["restart", "--timeout", "2", ...services])).status).toBe(0);
      const mac = (service: string) => stage.exec(service, "cat", "/sys/class/net/eth0/address");
      const server = await mac("lab3-server");
      expect(server).toMatchObject({ status: 0, out: (await mac("lab3-link")).out });
      const next = await stage.compose(["run", "--rm", "-T", "--no-deps", "lab3"], SHORT);
      expect(next.status).toBe(0);
    },
  );

  test("down in the middle leaves nothing", async () => {
    const { stage } = context;
    const running = stage.start(["up", "lab3"], { env: endless });
    await underWay(running);
    const began = performance.now();
    expect((await stage.compose(["down"])).status).toBe(0);
    expect(performance.now() - began).toBeLessThan(8000);
    await running.end();
    expect(await stage.left()).toEqual([]);
  });

  test.each([
    ["no tun device", "volumes: ['EMPTY:/dev/net']", /tun/],
    [
      "an order that it cannot follow",
      "command: [sh, /socklab/scripts/keep_link.sh, none]",
      /none/,
    ],
  ])("a link that does not come up (%s) says why in one line, status 3", async (_, words, said) => {
    const { stage } = context;
    const file = `${stage.folder}/override.yaml`;
    Deno.mkdirSync(`${stage.folder}/empty`);
    const line = words.replace("EMPTY", `${stage.folder}/empty`);
    Deno.writeTextFileSync(file, `services:\n  lab3-link:\n    ${line}\n`);
    const args = ["-f", "compose.yaml", "-f", file, "up", "--exit-code-from", "lab3", "lab3"];
    const run = await stage.compose(args, SHORT);
    expect(run.status).toBe(3);
    expect(linesOf(run)).toEqual([expect.stringMatching(/^lab: [A-Z].*/)]);
    expect(linesOf(run)[0]).toMatch(said);
  });
});
