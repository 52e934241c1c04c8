import { describe, expect, test } from "vitest";
import { main, type Surroundings } from "./lab.ts";
import { OutputClosed, style } from "./output.ts";
import { defineVerb, MachineError, UsageError, type Verb } from "./verb.ts";
import { VERBS } from "./verbs.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

/** Runs the command line with one verb, `run`, whose work is given. */
async function lab(args: string[], work: Verb["run"] = () => Promise.resolve(0), debug = false) {
  const verb = defineVerb({
    name: "run",
    summary: "Run a lab",
    positionals: [{ name: "LAB", help: "Which lab" }],
    options: { json: { type: "boolean", help: "The summary alone" } },
    examples: [{ line: "./lab run lab3", help: "Try it" }],
    run: (context) => work(context),
  });
  const said = { out: "", err: "" };
  const plain = style(false);
  const surroundings: Surroundings = {
    root: ROOT,
    debug,
    load: (name) => Promise.resolve(name === "run" ? verb : undefined),
    output: {
      out: (text) => said.out += String(text),
      err: (text) => said.err += String(text),
      isTerminal: false,
      columns: 80,
      style: plain,
      errorStyle: plain,
    },
  };
  return { status: await main(args, surroundings), ...said };
}

describe("main() dispatches", () => {
  test("to the verb, with its values, and returns its status", async () => {
    const { status, out } = await lab(
      ["run", "lab3", "--json"],
      ({ values, positionals, output }) => {
        output.out(JSON.stringify({ values, positionals }));
        return Promise.resolve(1);
      },
    );
    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual({ values: { json: true }, positionals: ["lab3"] });
  });

  test.each([[["run", "--help"]], [["help", "run"]], [["run", "-h", "--nonsense"]]])(
    "to the verb's help: %j",
    async (args) => {
      const { status, out, err } = await lab(args, () => Promise.reject(new Error("was run")));
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out).toBe(`Run a lab

Usage: ./lab run [options] LAB

Arguments:
  LAB  Which lab

Options:
      --json  The summary alone
  -h, --help  This text

Examples:
  ./lab run lab3
      Try it
`);
    },
  );

  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])(
    "to the list of all verbs: %j",
    async (args) => {
      const { status, out, err } = await lab(args);
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out).toContain("Usage: ./lab VERB [options]");
      for (const name of ["list", "doctor", "completion"]) {
        expect(out).toMatch(new RegExp(`^  ${name} +[A-Z]`, "m"));
      }
      expect(out).not.toContain("cannot be loaded");
    },
  );

  test("to the version", async () => {
    const { out } = await lab(["--version"]);
    expect(out).toBe(
      `socklab ${
        JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)).version
      } (deno ${Deno.version.deno})\n`,
    );
    expect(out).toMatch(/^socklab \d+\.\d+\.\d+ /);
  });
});

describe("main() refuses with status 2 and one line", () => {
  test.each([
    [["rnu"], "lab: Write './lab run', not './lab rnu'\n"],
    [["lab3"], "lab: Write './lab run lab3': 'lab3' is a lab, not a verb\n"],
    [["--json"], "lab: Give a verb before '--json': ./lab VERB [options], ./lab --help\n"],
    [["zebra"], `lab: Use one of ${VERBS.join(", ")}: there is no verb 'zebra'\n`],
    [["fate"], "lab: Update this checkout to use 'fate': it has no scripts/fate.ts\n"],
    [["run"], "lab: Give LAB: ./lab run [options] LAB\n"],
    [["help", "rnu"], "lab: Write './lab run', not './lab rnu'\n"],
  ])("%j", async (args, err) => {
    expect(await lab(args)).toEqual({ status: 2, out: "", err });
  });
});

describe("main() reports", () => {
  class ProfileError extends Error {
    override name = "ProfileError";
  }

  test.each([
    [new UsageError("Name a lab"), 2],
    [new ProfileError("Write loss, not lsos, in column 1"), 2],
    [new MachineError("Free some space"), 3],
  ])("the user's and the machine's faults by their message: %s", async (error, status) => {
    const line = `lab: ${error.message}\n`;
    expect(await lab(["run", "lab3"], () => Promise.reject(error))).toEqual({
      status,
      out: "",
      err: line,
    });
  });

  test("a full disk for what it is", async () => {
    const full = () => Promise.reject(new Error("No space left on device (os error 28)"));
    expect(await lab(["run", "lab3"], full)).toEqual({
      status: 3,
      out: "",
      err: "lab: Make room on the disk: No space left on device (os error 28)\n",
    });
  });

  test("faults of its own in one line, without a stack", async () => {
    const fault = new TypeError("x is not a function\n  at all");
    expect(await lab(["run", "lab3"], () => Promise.reject(fault))).toEqual({
      status: 3,
      out: "",
      err: "lab: TypeError: x is not a function; at all (this is a fault of socklab, not of your " +
        "program; set LAB_DEBUG=1 to see where)\n",
    });
  });

  test("the stack too where that is asked for", async () => {
    const { err } = await lab(["run", "lab3"], () => Promise.reject(new Error("no")), true);
    expect(err).toMatch(/^lab: no .*\nError: no\n +at /);
  });

  test("nothing when standard output was closed by its reader", async () => {
    const closed = () => Promise.reject(new OutputClosed("closed"));
    expect(await lab(["run", "lab3"], closed)).toEqual({ status: 0, out: "", err: "" });
  });
});

test("every verb that is there can be loaded and keeps the rules of its table", async () => {
  const { loadAllVerbs } = await import("./verbs.ts");
  const { verbs, unusable } = await loadAllVerbs();
  expect(unusable).toEqual([]);
  for (const verb of verbs) {
    expect(verb.summary).toMatch(/^[A-Z][^\n]*[^.\n]$/);
    expect(verb.examples.length).toBeGreaterThan(0);
    for (const { line } of verb.examples) expect(line).toContain(`./lab ${verb.name}`);
    for (const [name, option] of Object.entries(verb.options)) {
      expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(option.help).toMatch(/^[A-Z`'][^\n]*[^.\n]$/);
    }
    const shorts = Object.values(verb.options).flatMap(({ short }) => short ?? []);
    expect(new Set([...shorts, "h"]).size).toBe(shorts.length + 1);
  }
});
