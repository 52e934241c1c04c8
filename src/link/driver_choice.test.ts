import { describe, expect, test } from "vitest";
import {
  checkChange,
  chooseDriver,
  type DriverNeeds,
  driverText,
  type DriverWish,
  RefusedError,
} from "./driver_choice.ts";
import type { TcFacts } from "./tc/probe.ts";

const good: TcFacts = {
  works: true,
  seeds: true,
  kernel: "6.12.107",
  iproute2: "6.15.0",
  nanoseconds: true,
  reason: "",
};
const unseeded: TcFacts = { ...good, seeds: false, kernel: "6.1.0-9-amd64" };
const oldTools: TcFacts = { ...good, seeds: false, iproute2: "6.1.0" };
const none: TcFacts = { ...good, works: false, seeds: false, reason: "this kernel has no netem" };

const plain: DriverNeeds = { script: false, seed: "none" };
const drawn: DriverNeeds = { script: false, seed: "drawn" };
const written: DriverNeeds = { script: false, seed: "written" };
const scripted: DriverNeeds = { script: true, seed: "drawn" };

const choose = (needs: DriverNeeds, facts: TcFacts | null, wish: DriverWish = "auto") =>
  chooseDriver(needs, { wish, facts });
const said = (needs: DriverNeeds, facts: TcFacts | null, wish: DriverWish = "auto") =>
  driverText(choose(needs, facts, wish).report);

describe("chooseDriver()", () => {
  test.each([
    ["nothing", plain, good, "driver tc (kernel 6.12.107, iproute2 6.15.0)"],
    ["a seed", drawn, good, "driver tc (kernel 6.12.107, iproute2 6.15.0)"],
    ["a written seed", written, good, "driver tc (kernel 6.12.107, iproute2 6.15.0)"],
    ["a script", scripted, good, "driver tun (the kernel's netem follows no script)"],
    ["nothing", plain, none, "driver tun (this kernel has no netem)"],
    ["a script", scripted, none, "driver tun (this kernel has no netem)"],
    [
      "a seed",
      drawn,
      unseeded,
      "driver tun (the netem of kernel 6.1.0 ignores seeds, 6.6 or later takes them)",
    ],
    [
      "a written seed",
      written,
      oldTools,
      "driver tun (tc of iproute2 6.1.0 knows no seeds, 6.6 or later does)",
    ],
    ["nothing", plain, unseeded, "driver tc (kernel 6.1.0, iproute2 6.15.0)"],
  ])("takes by itself, for a run that asks for %s", (_, needs, facts, text) => {
    expect(said(needs, facts)).toBe(text);
    expect(choose(needs, facts).unseeded).toBe(false);
  });

  test("takes tun as it is told, whatever there is, and has nothing to say of it", () => {
    for (const facts of [good, none, null]) {
      for (const needs of [plain, drawn, written, scripted]) {
        expect(said(needs, facts, "tun")).toBe("driver tun");
      }
    }
  });

  test("takes tc as it is told; drawn seeds that it cannot follow are left away, and that is said", () => {
    expect(choose(written, good, "tc")).toMatchObject({ unseeded: false });
    expect(choose(plain, unseeded, "tc")).toMatchObject({ unseeded: false });
    expect(choose(drawn, unseeded, "tc")).toMatchObject({ unseeded: true });
    expect(said(drawn, unseeded, "tc")).toBe(
      "driver tc (kernel 6.1.0, iproute2 6.15.0; not to be repeated: the netem of kernel 6.1.0 ignores seeds, 6.6 or later takes them)",
    );
  });

  test("refuses of tc what it cannot do, with what to do", () => {
    expect(() => choose(written, unseeded, "tc")).toThrow(RefusedError);
    expect(() => choose(written, unseeded, "tc")).toThrow(
      /^Use --driver tun, or leave out the seed: the netem of kernel 6\.1\.0 ignores seeds/,
    );
    expect(() => choose(scripted, good, "tc")).toThrow(
      /^Start the lab with --driver auto or tun for a script: its link was started with --driver tc/,
    );
    expect(() => choose(drawn, none, "tc")).toThrow(
      "Load the kernel's module sch_netem (sudo modprobe sch_netem), or use --driver tun: this kernel has no netem",
    );
    expect(() => choose(drawn, none, "tc")).not.toThrow(RefusedError);
  });

  test("a run may ask for a driver itself, where its link was not told another", () => {
    const ask = (wish: DriverWish, asked: "tc" | "tun", needs = drawn) =>
      chooseDriver(needs, { wish, asked, facts: good }).report.driver;
    expect(ask("auto", "tun")).toBe("tun");
    expect(ask("auto", "tc")).toBe("tc");
    expect(ask("tc", "tc")).toBe("tc");
    expect(() => ask("auto", "tc", scripted)).toThrow(/^Leave out --driver tc: /);
    expect(() => ask("tc", "tun")).toThrow(
      "Start the lab with --driver tun, or auto: its link was started with --driver tc",
    );
    expect(() => ask("tun", "tc")).toThrow(RefusedError);
  });
});

test("checkChange() refuses a run on tc what would need the other driver", () => {
  const check = (needs: DriverNeeds, facts: TcFacts, wish: DriverWish = "auto") => () =>
    checkChange(needs, { wish, facts });
  expect(check(written, good)).not.toThrow();
  expect(check(plain, unseeded)).not.toThrow();
  expect(check(written, unseeded)).toThrow(/^Use --driver tun, or leave out the seed: /);
  expect(check(scripted, good)).toThrow(/^Begin a run with the script .* which takes tun: /);
  expect(check(scripted, good, "tc")).toThrow(/^Start the lab with --driver auto or tun/);
});
