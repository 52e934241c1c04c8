import { describe, expect, test } from "vitest";
import { parseVerbArgs, usageLine } from "./parse.ts";
import { UsageError, type Verb } from "./verb.ts";

const RUN: Pick<Verb, "name" | "positionals" | "options"> = {
  name: "run",
  positionals: [{ name: "LAB", help: "" }],
  options: {
    engine: {
      type: "string",
      placeholder: "ENGINE",
      choices: ["auto", "docker", "local"],
      default: "auto",
      help: "",
    },
    count: { type: "number", placeholder: "N", integer: true, min: 1, max: 1000, help: "" },
    interval: { type: "number", placeholder: "MS", min: 0, default: 100, help: "" },
    netem: { type: "string", placeholder: "PROFILE", help: "" },
    server: { type: "string", placeholder: "PATH", multiple: true, help: "" },
    quiet: { type: "boolean", short: "q", help: "" },
  },
};

/** The message of the usage error that the arguments give. */
function refused(args: string[], verb = RUN): string {
  try {
    parseVerbArgs(verb, args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message } = error as UsageError;
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error(`Refuse ${args.join(" ")}: it was taken`);
}

describe("parseVerbArgs()", () => {
  test("fills in what is not given", () => {
    expect(parseVerbArgs(RUN, ["lab3"])).toEqual({
      help: false,
      positionals: ["lab3"],
      values: {
        engine: "auto",
        count: undefined,
        interval: 100,
        netem: undefined,
        server: [],
        quiet: false,
      },
    });
  });

  test("takes options with a space and with =, before and after the positionals", () => {
    const args = ["--count", "5", "lab3", "--netem=loss 10%", "-q", "--engine=local"];
    expect(parseVerbArgs(RUN, args)).toMatchObject({
      positionals: ["lab3"],
      values: { count: 5, netem: "loss 10%", quiet: true, engine: "local" },
    });
  });

  test("keeps every value of a repeated option, and the last of any other", () => {
    const args = ["lab3", "--server", "a", "--server=b", "--count", "1", "--count", "2"];
    expect(parseVerbArgs(RUN, args)).toMatchObject({ values: { server: ["a", "b"], count: 2 } });
  });

  test("takes values that look like options where they cannot be meant so", () => {
    expect(parseVerbArgs(RUN, ["lab3", "--netem", "-", "--interval", "1.5e2"])).toMatchObject({
      values: { netem: "-", interval: 150 },
    });
    expect(parseVerbArgs(RUN, ["--netem=--count", "lab3"])).toMatchObject({
      values: { netem: "--count" },
    });
    expect(parseVerbArgs(RUN, ["--", "--count"])).toMatchObject({ positionals: ["--count"] });
  });

  test("sees --help and -h anywhere, before anything is refused", () => {
    for (const args of [["--help"], ["-h"], ["lab3", "--nonsense", "-h"]]) {
      expect(parseVerbArgs(RUN, args)).toEqual({ help: true });
    }
    expect(parseVerbArgs(RUN, ["--", "--help"])).toMatchObject({ positionals: ["--help"] });
  });
});

describe("parseVerbArgs() refuses in one line", () => {
  test.each([
    [
      ["lab3", "--cuont", "5"],
      "Write --count, not --cuont: './lab run' has no option of that name",
    ],
    [
      ["lab3", "--zebra"],
      "Leave out --zebra: './lab run' has no such option, its --help lists them",
    ],
    [["lab3", "-x"], "Leave out -x: './lab run' has no such option, its --help lists them"],
    [
      ["lab3", "--constructor"],
      "Leave out --constructor: './lab run' has no such option, its --help lists them",
    ],
    [
      ["lab3", "--engine", "dokcer"],
      "Give --engine one of auto, docker, local, not 'dokcer' (did you mean docker?)",
    ],
    [["lab3", "--engine="], "Give --engine one of auto, docker, local, not ''"],
    [["lab3", "--count", "ten"], "Give --count a whole number from 1 to 1000, not 'ten'"],
    [["lab3", "--count", "1.5"], "Give --count a whole number from 1 to 1000, not '1.5'"],
    [["lab3", "--count", "0"], "Give --count a whole number from 1 to 1000, not '0'"],
    [["lab3", "--count", "0x10"], "Give --count a whole number from 1 to 1000, not '0x10'"],
    [["lab3", "--count="], "Give --count a whole number from 1 to 1000, not ''"],
    [["lab3", "--interval", "-5"], "Give --interval a number of at least 0, not '-5'"],
    [["lab3", "--interval", "Infinity"], "Give --interval a number of at least 0, not 'Infinity'"],
    [["lab3", "--count"], "Give --count a value: --count N"],
    [["lab3", "--netem", "--count", "5"], "Give --netem a value: --netem PROFILE"],
    [["lab3", "--quiet=yes"], "Leave out 'yes' after --quiet: it takes no value"],
    [[], "Give LAB: ./lab run [options] LAB"],
    [["lab3", "lab4"], "Leave out 'lab4': the usage is ./lab run [options] LAB"],
  ])("%j", (args, message) => expect(refused(args)).toBe(message));

  test("a positional outside its choices", () => {
    const netem = {
      name: "netem",
      options: {},
      positionals: [
        { name: "ACTION", help: "", choices: ["show", "set", "reset"] },
        { name: "LAB", help: "" },
        { name: "PROFILE", help: "", optional: true, multiple: true },
      ],
    };
    expect(usageLine(netem)).toBe("./lab netem show|set|reset LAB [PROFILE...]");
    expect(refused(["shwo", "lab3"], netem)).toBe(
      "Give ACTION one of show, set, reset, not 'shwo' (did you mean show?)",
    );
    expect(refused([], netem)).toBe(
      "Give ACTION (show, set, reset): ./lab netem show|set|reset LAB [PROFILE...]",
    );
    expect(parseVerbArgs(netem, ["set", "lab3", "loss", "10%"])).toMatchObject({
      positionals: ["set", "lab3", "loss", "10%"],
    });
  });
});
