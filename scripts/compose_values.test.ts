import { describe, expect, test } from "vitest";
import {
  checkUser,
  composeOptions,
  composeRepeat,
  driverFault,
  insideText,
  refuseElsewhere,
  unwritableText,
  valueOf,
} from "./compose_values.ts";

const env = (variables: Record<string, string>) => (name: string) => variables[name];

describe("composeOptions()", () => {
  test("makes an option of each variable, whatever its value begins with", () => {
    const variables = { LAB_NETEM: "loss 10%", LAB_SEED: "-1", LAB_UID: "1000", HOME: "/" };
    expect(composeOptions(env(variables), []).args).toEqual(["--netem=loss 10%", "--seed=-1"]);
  });

  test("takes an empty variable for one that is not set", () => {
    expect(composeOptions(env({ LAB_NETEM: "", LAB_SERVER: "" }), []).args).toEqual([]);
  });

  test("leaves to the command line what it says itself", () => {
    const variables = { LAB_COUNT: "5", LAB_SEED: "7", LAB_UP: "loss 1%" };
    expect(composeOptions(env(variables), ["--count", "9", "--seed=8"]).args)
      .toEqual(["--up=loss 1%"]);
  });
});

test("composeOptions() names the variable whose profile or script is wrong", () => {
  const of = (variables: Record<string, string>) => () => composeOptions(env(variables), []);
  expect(of({ LAB_UP: "loss 10%", LAB_DOWN: "lost 10%" })).toThrow(/^LAB_DOWN: .*column 1/);
  expect(of({ LAB_SCRIPT: "loose 4" })).toThrow(/^LAB_SCRIPT: Write lose, /);
});

test("checkUser() refuses root", () => {
  expect(() => checkUser(0)).toThrow("Set LAB_UID");
  expect(() => checkUser(1000)).not.toThrow();
});

describe("insideText()", () => {
  test("names the variable that a value came from, not its option", () => {
    expect(insideText("Give --up or --upper, not --count", ["up"], "/r"))
      .toBe("Give LAB_UP or --upper, not --count");
  });

  test("writes paths from the checkout on", () => {
    expect(insideText("Make /r/out/lab3 writable", [], "/r")).toBe("Make out/lab3 writable");
  });
});

test("valueOf() gives the last value of an option, however it is written", () => {
  const given = ["--seed=7", "--input", "a=b", "--seed", "8", "--json"];
  expect(["seed", "input", "json", "in", "count"].map((option) => valueOf(given, option)))
    .toEqual(["8", "a=b", "", undefined, undefined]);
});

test("refuseElsewhere() says what Compose has instead", () => {
  expect(() => refuseElsewhere("lab3", ["--clients", "4"]))
    .toThrow("Write docker compose up --scale lab3=4 lab3");
  expect(() => refuseElsewhere("lab3", ["--engine=local"])).toThrow("Leave out --engine");
  expect(() => refuseElsewhere("lab3", ["--count", "4", "--out", "/tmp"]))
    .toThrow("Set LAB_OUT to an absolute path, not --out");
  expect(() => refuseElsewhere("lab3", ["--count", "4"])).not.toThrow();
});

test("driverFault() tells of a link that was started with another driver", () => {
  const fault = (driver: "auto" | "tc" | "tun", wish: "auto" | "tc" | "tun", script?: string) =>
    driverFault("lab3", { driver, script }, wish);
  expect(fault("auto", "auto", "lose 1")).toBe(null);
  expect(fault("tun", "auto")).toBe(null);
  expect(fault("tun", "tun", "lose 1")).toBe(null);
  expect(fault("auto", "tc")).toBe(null);
  expect(fault("tun", "tc")).toBe(
    "Run LAB_DRIVER=auto docker compose up lab3 first, or LAB_DRIVER=tun: its link was started with LAB_DRIVER=tc",
  );
  expect(fault("auto", "tc", "lose 1")).toMatch(
    /^Run LAB_DRIVER=auto docker compose up lab3 first, or leave out the script: /,
  );
});

test("insideText() names the variable of a driver with its value", () => {
  const text = "Use --driver tun, or leave out the seed";
  expect(insideText(text, ["driver"])).toBe("Use LAB_DRIVER=tun, or leave out the seed");
  expect(insideText(text, ["netem"])).toBe(text);
});

describe("composeRepeat()", () => {
  test("repeats the variables, with the seed that was drawn", () => {
    const variables = { LAB_NETEM: "loss 10%", LAB_COUNT: "5" };
    expect(composeRepeat("lab3", "7", env(variables)))
      .toBe("LAB_NETEM='loss 10%' LAB_COUNT=5 LAB_SEED=7 docker compose up lab3");
  });

  test("names the compose file that Compose does not take by itself", () => {
    expect(composeRepeat("lab3", "7", env({}), { file: "compose.ipv6.yaml" }))
      .toBe("LAB_SEED=7 docker compose -f compose.ipv6.yaml up lab3");
  });

  test("scales as far as the run that was shared", () => {
    expect(composeRepeat("lab3", "7", env({}), { clients: 5 }))
      .toBe("LAB_SEED=7 docker compose up --scale lab3=5 lab3");
  });

  test("repeats what was added to the command line", () => {
    expect(composeRepeat("lab3", "7", env({ LAB_COUNT: "5" }), { given: ["--input", "a b"] }))
      .toBe("LAB_COUNT=5 docker compose run --rm lab3 --input 'a b' --seed 7");
  });
});

test("unwritableText() says whose the folder is", () => {
  const line =
    "lab: Make out/lab3 writable to keep artifacts: Permission denied; going on without them";
  expect(unwritableText(line, 1000, 1001)).toBe(
    "lab: Set LAB_UID=1001 to keep artifacts: out/ is that user's, not 1000's; going on without them",
  );
  expect(unwritableText(line, 1000, 0)).toBe(
    "lab: Give out/ to user 1000 (LAB_UID) to keep artifacts: it is root's; going on without them",
  );
  expect(unwritableText(line, 1000, 1000)).toBe(line);
});

test("insideText() takes the checkout's path away where a path begins, and nowhere else", () => {
  expect(insideText("not /home/ann/socklab/my/client.ts", [], "/socklab")).toBe(
    "not /home/ann/socklab/my/client.ts",
  );
  expect(insideText('"file:///socklab/my/a.ts" and /socklab/b.ts', [], "/socklab")).toBe(
    '"my/a.ts" and b.ts',
  );
});
