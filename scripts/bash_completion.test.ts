import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bashCompletion, type Completable } from "./bash_completion.ts";

const VERBS: Completable[] = [
  {
    name: "run",
    positionals: [{ name: "LAB", help: "", completes: "lab" }],
    options: {
      engine: {
        type: "string",
        placeholder: "E",
        choices: ["auto", "docker", "local"],
        help: "",
      },
      count: { type: "number", placeholder: "N", help: "" },
      input: { type: "string", placeholder: "FILE", completes: "file", help: "" },
      program: { type: "string", placeholder: "NAME", completes: "program", help: "" },
      json: { type: "boolean", help: "" },
    },
  },
  {
    name: "netem",
    positionals: [
      { name: "ACTION", help: "", choices: ["show", "set", "reset"] },
      { name: "LAB", help: "", completes: "lab" },
      { name: "PROFILE", help: "", multiple: true, optional: true },
    ],
    options: {},
  },
  { name: "list", positionals: [], options: { json: { type: "boolean", help: "" } } },
];

let root: string;
beforeAll(() => {
  root = Deno.makeTempDirSync({ prefix: "lab completion " });
  for (const name of ["lab3-udp-uppercase", "lab12-more", "notes"]) {
    Deno.mkdirSync(`${root}/labs/${name}`, { recursive: true });
  }
  for (const file of ["lab3-udp-uppercase/solution/server", "lab12-more/solution/server_udp"]) {
    Deno.mkdirSync(`${root}/labs/${file.slice(0, file.lastIndexOf("/"))}`);
    Deno.writeTextFileSync(`${root}/labs/${file}.ts`, "");
    Deno.writeTextFileSync(`${root}/labs/${file}.test.ts`, "");
  }
  Deno.writeTextFileSync(`${root}/lab`, "#!/bin/sh\n", { mode: 0o755 });
  Deno.writeTextFileSync(`${root}/completion.bash`, bashCompletion(VERBS));
  Deno.writeTextFileSync(`${root}/a file.txt`, "");
});
afterAll(() => Deno.removeSync(root, { recursive: true }));

/** What bash offers for the words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const command = words[0]?.includes("/") ? words : [`${root}/lab`, ...words];
  const script = `source "$0/completion.bash"; cd "$0"
    complete -p lab >/dev/null || exit 9
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _socklab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, success } = new Deno.Command("bash", {
    args: ["--norc", "-c", script, root, ...command],
  }).outputSync();
  expect(new TextDecoder().decode(stderr)).toBe("");
  expect(success).toBe(true);
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
}

describe("the completion script in bash", () => {
  test("offers verbs first", () => {
    expect(offered("")).toEqual(["run", "netem", "list", "help", "--help", "--version"]);
    expect(offered("r")).toEqual(["run"]);
    expect(offered("help", "ne")).toEqual(["netem"]);
  });

  test("offers a verb's options, and none of another's", () => {
    expect(offered("run", "--")).toEqual([
      "--engine",
      "--count",
      "--input",
      "--program",
      "--json",
      "--help",
    ]);
    expect(offered("list", "-")).toEqual(["--json", "--help"]);
  });

  test("offers an option's choices, after a space and after =, as bash splits it", () => {
    expect(offered("run", "--engine", "")).toEqual(["auto", "docker", "local"]);
    expect(offered("run", "--engine", "d")).toEqual(["docker"]);
    expect(offered("run", "--engine", "=")).toEqual(["auto", "docker", "local"]);
    expect(offered("run", "--engine", "=", "l")).toEqual(["local"]);
  });

  test("offers nothing for a number, files for a file, spaces in names included", () => {
    expect(offered("run", "--count", "")).toEqual([]);
    expect(offered("run", "--input", "a")).toEqual(["a file.txt"]);
  });

  test("offers the checkout's labs, wherever options stand", () => {
    expect(offered("run", "")).toEqual(["lab12", "lab3"]);
    expect(offered("run", "--json", "lab3")).toEqual(["lab3"]);
    expect(offered("run", "--count", "5", "lab1")).toEqual(["lab12"]);
    expect(offered("run", "--count", "=", "5", "lab1")).toEqual(["lab12"]);
  });

  test("offers the programs of the lab that stands on the line", () => {
    expect(offered("run", "lab12", "--program", "")).toEqual(["server_udp"]);
    expect(offered("run", "lab3", "--program", "s")).toEqual(["server"]);
    expect(offered("run", "--program", "server").sort()).toEqual(["server", "server_udp"]);
    expect(offered("run", "lab9", "--program", "")).toEqual([]);
  });

  test("offers each positional what belongs there", () => {
    expect(offered("netem", "s")).toEqual(["show", "set"]);
    expect(offered("netem", "set", "lab3")).toEqual(["lab3"]);
    expect(offered("netem", "set", "lab3", "")).toEqual([]);
    expect(offered("run", "lab3", "")).toEqual([]);
  });

  test("knows no verb that is not there", () => {
    expect(offered("nothing", "")).toEqual([]);
    expect(offered("nothing", "--")).toEqual([]);
  });
});
