/** Several clients against one server, and what each of them tells. */
import { expect, test } from "vitest";
import { describeDocker } from "../docker/engine.ts";
import { linesOf, textOf, useCompose } from "./compose_stage.ts";

const context = useCompose();

describeDocker("docker compose run lab3 while another run is under way", () => {
  test("is refused with another network, which the run under way keeps", async () => {
    const { stage } = context;
    const first = stage.start(["run", "--rm", "-T", "lab3"], {
      env: { LAB_NETEM: "delay 1ms", LAB_COUNT: "1000", LAB_INTERVAL: "50" },
    });
    await first.printed(/link │/);
    const { status, out, err } = await stage.compose(["run", "--rm", "-T", "lab3"], {
      LAB_NETEM: "loss 100%",
    });
    expect({ status, out }).toEqual({ status: 3, out: "" });
    expect(err).toContain("lab: Wait until the other run has ended: it uses another network");
    const folders = [...Deno.readDirSync(`${stage.out}/lab3`)].map(({ name }) => name);
    expect(folders).toHaveLength(2);
    // The run under way knows nothing of it: what it sends from now on is answered.
    const told = linesNumbered(first.out);
    await first.printed(new RegExp(`link │ +${told + 20}  answered in`));
    expect(first.out).not.toMatch(/ lost /);
  });
});

/** How many exchanges a run has told. */
function linesNumbered(out: string): number {
  return out.split("\n").filter((line) => /link │ +\d/.test(line)).length;
}

describeDocker("docker compose up --scale lab3=5 lab3", () => {
  test("five clients share one run: each tells its own exchanges, the link's table counts all", async () => {
    const { stage } = context;
    const values = { LAB_NETEM: "delay 5ms loss 30%", LAB_COUNT: "20", LAB_INTERVAL: "100" };
    const run = await stage.compose(["up", "--scale", "lab3=5", "lab3"], values);
    expect(run.status).toBe(0);
    const clients = [1, 2, 3, 4, 5].map((number) => `lab3-${number}`);
    const tables: { up: string[]; text: string }[] = [];
    const seeds = new Set<string>();
    for (const name of clients) {
      const text = textOf(run, name);
      const told = linesOf(run, name).filter((line) => /^ +link │/.test(line));
      const numbers = new Set(told.map((line) => Number(/│ +(\d+)/.exec(line)?.[1])));
      expect([...numbers].sort((a, b) => a - b))
        .toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      const answers = [...text.matchAll(/^client │ answer (\d+): /gm)].map((match) => match[1]);
      const answered = told.filter((line) => / answered in /.test(line))
        .map((line) => /│ +(\d+)/.exec(line)![1]);
      expect(answered.sort()).toEqual(answers.sort());
      expect(text).toMatch(/^20 packets transmitted, /m);
      seeds.add(/^seed +(\d+)$/m.exec(text)![1]!);
      tables.push({ up: /^up +(\d+)/m.exec(text)!.slice(1), text });
    }
    expect(seeds.size).toBe(1);
    // Whoever was last has the whole table.
    const last = tables.filter(({ text }) =>
      /^5 clients share this run, all counted here$/m.test(text)
    );
    expect(last.map(({ up }) => up)).toEqual([["100"]]);
    expect(last[0]!.text).toMatch(/^again {6}.* docker compose up --scale lab3=5 lab3$/m);
    const server = clients.flatMap((name) =>
      linesOf(run, name).filter((line) => line.startsWith("server │"))
    );
    expect(server.sort()).toEqual([
      "server │ Server listens on UDP 0.0.0.0:12000",
      "server │ Server stopped",
    ]);
  });
});
