/** Long repetitions, run by `./lab test --soak` alone: what may go wrong once in a hundred times. */
import { expect, test } from "vitest";
import { foretell, parseProfile } from "../src/netem/mod.ts";
import type { LinkEvent } from "../src/packet/mod.ts";
import { BusyCores } from "./busy_cores.ts";
import { until } from "./link/poll.ts";

const root = decodeURIComponent(new URL("..", import.meta.url).pathname).replace(/\/$/, "");

interface Scratch extends AsyncDisposable {
  path: string;
}

async function scratch(): Promise<Scratch> {
  const path = await Deno.makeTempDir({ prefix: "socklab-soak-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function lab(args: string[], state: string): Deno.ChildProcess {
  return new Deno.Command(`${root}/lab`, {
    args,
    cwd: root,
    env: { XDG_RUNTIME_DIR: state, LAB_ENGINE: "local" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** The testbeds' folders below a state folder. */
function left(state: string): string[] {
  return [...Deno.readDirSync(state)].filter(({ name }) => name.startsWith("socklab-"))
    .flatMap(({ name }) => [...Deno.readDirSync(`${state}/${name}`)].map((entry) => entry.name));
}

/** Processes that have a state folder in their command line or environment. */
function processes(state: string): string[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(
    (entry) => {
      try {
        const read = (file: string) => Deno.readTextFileSync(`/proc/${entry.name}/${file}`);
        return (read("environ") + read("cmdline")).includes(state) ? [entry.name] : [];
      } catch {
        return [];
      }
    },
  );
}

if (Deno.env.get("LAB_SOAK")) {
  test("40 seeds: each run shows what was foretold, packet by packet, both ways", {
    timeout: 300_000,
  }, async () => {
    await using state = await scratch();
    for (let seed = 1; seed <= 40; seed++) {
      const profile = "loss 30% 20% duplicate 10%";
      const count = 200;
      const args = ["run", "lab3", "--netem", profile, "--seed", `${seed}`, "--count", `${count}`];
      await lab([...args, "--interval", "1", "--out", state.path, "--quiet"], state.path).status;
      const lines = await Deno.readTextFile(`${state.path}/lab3/latest/events.jsonl`);
      const events = lines.trimEnd().split("\n").map((line) => JSON.parse(line) as LinkEvent);
      for (const [direction, own] of [["up", seed], ["down", seed + 1]] as const) {
        const seen = events.filter((event) => event.ev === "packet")
          .filter((event) => event.dir === direction).sort((a, b) => a.n - b.n);
        const told = foretell(parseProfile(`${profile} seed ${own}`), {
          count: seen.length,
          intervalUs: 1000,
          frameBytes: 74,
        });
        expect(seen.map(({ copies }) => copies.length).join("")).toBe(told.copies);
      }
      await Deno.remove(`${state.path}/lab3`, { recursive: true });
    }
  });

  test("killed at 100 moments, the tool leaves nothing", { timeout: 300_000 }, async () => {
    await using state = await scratch();
    for (let moment = 0; moment < 100; moment++) {
      const tool = lab(["run", "lab3", "--netem", "none", "--out", state.path], state.path);
      const started = performance.now();
      await until(() => performance.now() - started, (ms) => ms >= moment * 5);
      tool.kill("SIGKILL");
      await tool.status;
      await until(() => processes(state.path), (found) => found.length === 0, 10_000);
    }
    // Killed between making its folder and starting what removes it, a tool leaves the folder to the next.
    await lab(["run", "lab3", "--netem", "none", "--count", "1", "--out", state.path], state.path)
      .status;
    expect(left(state.path)).toEqual([]);
  });

  test("the link's and the engine's tests pass five times with both cores busy", {
    timeout: 900_000,
  }, async () => {
    await using _busy = new BusyCores();
    for (let round = 1; round <= 5; round++) {
      const { code, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "npm:vitest", "run", "tests/link", "src/engine/local"],
        cwd: root,
        env: { NO_COLOR: "1", LAB_SOAK: "" },
      }).output();
      expect(code, new TextDecoder().decode(stdout).slice(-4000)).toBe(0);
    }
  });
} else {
  test("long repetitions are registered with --soak alone", () => {
    expect(Deno.env.get("LAB_SOAK") ?? "").toBe("");
  });
}
