import { describe, expect, test } from "vitest";
import { AdvisedError } from "./advised_error.ts";
import type { DriverNeeds, DriverWish } from "./driver_choice.ts";
import { Drivers } from "./drivers.ts";
import { Machine, netem as good, noNetem as none } from "./drivers_for_test.ts";
import type { TcFacts } from "./tc/probe.ts";

const seeded: DriverNeeds = { script: false, seed: "drawn" };
const scripted: DriverNeeds = { script: true, seed: "drawn" };

const start = (machine: Machine, wish: DriverWish = "auto") => Drivers.start(wish, machine);

describe("Drivers", () => {
  test.each<[DriverWish, TcFacts, string[]]>([
    ["auto", good, ["probe", "start tc"]],
    ["tc", good, ["probe", "start tc"]],
    ["auto", none, ["probe", "start tun"]],
    ["auto", { ...good, seeds: false }, ["probe", "start tun"]],
    ["tc", { ...good, seeds: false }, ["probe", "start tc"]],
    ["tun", good, ["start tun"]],
  ])("with %s start one driver, and no other", async (wish, facts, log) => {
    const machine = new Machine(facts);
    await start(machine, wish);
    expect(machine.log).toEqual(log);
  });

  test("with tc do not start where the kernel has no netem", async () => {
    const machine = new Machine(none);
    await expect(start(machine, "tc")).rejects.toThrow(/or use --driver tun: this kernel has no/);
    expect(machine.log).toEqual(["probe"]);
  });

  test("say why neither can be", async () => {
    const machine = new Machine(none);
    machine.faults.set("tun", "Load the tun module: there is no /dev/net/tun");
    await expect(start(machine)).rejects.toThrow(
      "Load the tun module: there is no /dev/net/tun, and this kernel has no netem",
    );
  });

  test("go on with tun where tc fails though its trial went well, or the trial itself does", async () => {
    const machine = new Machine();
    machine.faults.set("tc", "RTNETLINK answers: Whatever");
    const drivers = await start(machine);
    expect(drivers.report).toEqual({
      driver: "tun",
      why: "tc failed: RTNETLINK answers: Whatever",
    });
    // It is not tried again.
    await (await drivers.take(seeded)).adopt();
    expect(machine.log).toEqual(["probe", "start tc", "start tun"]);
    const other = await start(new Machine(new Error("no shell")));
    expect(other.report).toMatchObject({ driver: "tun", why: /failed: no shell/ });
  });

  test("say what has failed, and not what could have been done about it", async () => {
    const machine = new Machine();
    machine.faults.set("tc", new AdvisedError("Take --driver tun on this machine", "no room"));
    const drivers = await start(machine);
    expect(drivers.report).toEqual({ driver: "tun", why: "tc failed: no room" });
    await expect(start(machine, "tc")).rejects.toThrow(/^Take --driver tun .*: no room$/);
  });

  test("change for a script and back; the new one is there before the old one goes", async () => {
    const machine = new Machine();
    const drivers = await start(machine);
    const taken = await drivers.take(scripted);
    expect(drivers.report.driver).toBe("tc");
    await taken.adopt();
    expect(drivers.report).toEqual({
      driver: "tun",
      why: "the kernel's netem follows no script",
    });
    await (await drivers.take(seeded)).adopt();
    expect(drivers.report).toEqual({ driver: "tc", kernel: "6.12", iproute2: "6.15" });
    expect(machine.log).toEqual([
      "probe",
      ...["start tc", "start tun", "end tc", "start tc", "end tun"],
    ]);
  });

  test("are as before where the one that was got ready is left", async () => {
    const machine = new Machine();
    const drivers = await start(machine);
    await (await drivers.take(scripted)).leave();
    await (await drivers.take(seeded)).leave();
    expect(drivers.report.driver).toBe("tc");
    expect(machine.log).toEqual(["probe", "start tc", "start tun", "end tun"]);
  });

  test("keep the driver that the next run takes as well", async () => {
    const machine = new Machine();
    const drivers = await start(machine);
    for (let run = 0; run < 3; run++) await (await drivers.take(seeded)).adopt();
    expect(machine.made).toHaveLength(1);
  });

  test("leave the old one in force where the new one fails, and say what it was for", async () => {
    const machine = new Machine();
    machine.faults.set("tun", "Load the tun module: there is no /dev/net/tun");
    const drivers = await start(machine);
    await expect(drivers.take(scripted)).rejects.toThrow(
      "there is no /dev/net/tun, and the kernel's netem follows no script",
    );
    expect(drivers.driver.name).toBe("tc");
    expect(machine.log).not.toContain("end tc");
  });

  test("lead records and their readers' wishes to whichever is in force", async () => {
    const machine = new Machine();
    const drivers = await start(machine);
    const onRecord = () => {}, caughtUp = () => Promise.resolve();
    drivers.listen({ onRecord, caughtUp });
    drivers.keep = 192;
    await (await drivers.take(scripted)).adopt();
    for (const driver of machine.made) {
      expect(driver).toMatchObject({ onRecord, caughtUp, keep: 192 });
    }
    drivers.keep = 0;
    expect(machine.made.map(({ keep }) => keep)).toEqual([192, 0]);
  });

  test("break with the driver in force, and not with one that is gone", async () => {
    const machine = new Machine();
    const drivers = await start(machine);
    await (await drivers.take(scripted)).adopt();
    machine.made[0]!.fail(new Error("old"));
    machine.made[1]!.fail(new Error("new"));
    expect((await drivers.broken).message).toBe("new");
  });

  test("check what a run under way is to do besides", async () => {
    const drivers = await start(new Machine());
    expect(() => drivers.check({ script: false, seed: "written" })).not.toThrow();
    expect(() => drivers.check(scripted)).toThrow(/^Begin a run with the script/);
    await (await drivers.take(scripted)).adopt();
    expect(() => drivers.check(scripted)).not.toThrow();
  });

  test("take what a run asks for, looking for the kernel's netem only then", async () => {
    const machine = new Machine();
    const drivers = await start(machine);
    const taken = await drivers.take(seeded, "tun");
    await taken.adopt();
    expect(drivers.report).toEqual({ driver: "tun" });
    await expect(drivers.take(scripted, "tc")).rejects.toThrow(/^Leave out --driver tc/);
    expect(machine.log.filter((line) => line === "probe")).toHaveLength(1);
  });
});
