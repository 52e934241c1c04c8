/** The keyboard mode in Compose: from a pipe, and at a terminal. */
import { expect, test } from "vitest";
import { describeDocker } from "../docker/engine.ts";
import { until } from "../link/poll.ts";
import { useCompose } from "./compose_stage.ts";

const context = useCompose();

describeDocker("docker compose run --rm lab3 --input -", () => {
  test("answers each line of a pipe, and says how to run it again", async () => {
    const { stage } = context;
    const args = ["run", "--rm", "-T", "lab3", "--input", "-"];
    const run = await stage.start(args, {
      env: { LAB_NETEM: "none" },
      input: "good morning\nSocklab\n",
    }).end();
    expect(run.status).toBe(0);
    expect(run.out).toMatch(/^client │ GOOD MORNING$[^]*^client │ SOCKLAB$/m);
    expect(run.out).toMatch(/^2 packets transmitted, 2 received, 0% packet loss$/m);
    expect(run.out).toMatch(
      /^again {6}LAB_NETEM=none docker compose run --rm lab3 --input - --seed \d+$/m,
    );
  });

  test("takes the other options of lab run, and says what Compose has instead of some", async () => {
    const { stage } = context;
    const run = (...args: string[]) => stage.compose(["run", "--rm", "-T", "lab3", ...args]);
    const json = await run("--json", "--netem", "none", "--count", "2", "--interval", "10");
    expect(JSON.parse(json.out)).toMatchObject({ engine: "docker", sent: 2, received: 2 });
    const clients = await run("--clients", "5");
    expect(clients.status).toBe(2);
    expect(clients.err).toMatch(/^lab: .*docker compose up --scale lab3=5 lab3/m);
    const away = await run("--input", "/home/me/lines.txt");
    expect(away.status).toBe(2);
    expect(away.err).toMatch(/^lab: Give --input a path from the checkout on/m);
    const help = await run("--help");
    expect(help).toMatchObject({ status: 0 });
    expect(help.out).toContain("Usage: docker compose run --rm lab3 [options]\n");
    expect(help.out).not.toMatch(/\.\/lab|--out|--clients|--engine/);
  });

  test("at a terminal: colours, lines as they are typed, Ctrl-C ends with statistics", async () => {
    const { stage } = context;
    const tmux = async (...args: string[]) => {
      const words = ["-f", "/dev/null", "-S", `${stage.folder}/tmux`, ...args];
      const env = { ...stage.env, LC_ALL: "C.UTF-8", TERM: "xterm" };
      const { stdout } = await new Deno.Command("tmux", { args: words, env, stdin: "null" })
        .output();
      return new TextDecoder().decode(stdout);
    };
    const shows = (pattern: RegExp) =>
      until(() => tmux("capture-pane", "-p", "-e"), (screen) => pattern.test(screen), 30_000);
    const line =
      "trap : INT; LAB_NETEM=none docker compose run --rm -it lab3 --input -; echo ended with $?; exec cat";
    try {
      await tmux("new-session", "-d", "-x", "100", "-y", "60", "sh", "-c", line);
      await shows(/Server listens/);
      await tmux("send-keys", "good morning", "Enter");
      await shows(/GOOD MORNING/);
      await tmux("send-keys", "C-c");
      // deno-lint-ignore no-control-regex
      const screen = await shows(/\x1b\[1m1 packets transmitted, 1 received[^]*ended with 130/);
      expect(screen).toContain("Server stopped");
      // Deno's own complaints, which it makes at a terminal only.
      expect(screen).not.toMatch(/cache/);
    } finally {
      await tmux("kill-server");
    }
  });
});
