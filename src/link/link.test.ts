import { beforeEach, describe, expect, test } from "vitest";
import type { LinkEvent } from "../packet/mod.ts";
import { AdvisedError } from "./advised_error.ts";
import type { DriverWish } from "./driver_choice.ts";
import { Drivers } from "./drivers.ts";
import { Machine, netem } from "./drivers_for_test.ts";
import { Link } from "./link.ts";

const on = { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1500 };
const wire = { profile: "", script: "" };
const lossy = { profile: "loss 10% seed 5", script: "" };
const scripted = { profile: "loss 10% seed 5", script: "lose 1" };
const tun = { driver: "tun", why: "the kernel's netem follows no script" };
const tc = { driver: "tc", kernel: "6.12", iproute2: "6.15" };

let machine: Machine;
beforeEach(() => void (machine = new Machine()));

/** A link on the machine, with the events that somebody follows. */
async function start(wish: DriverWish = "auto") {
  const link = new Link(await Drivers.start(wish, machine), on, "reno");
  const events: LinkEvent[] = [];
  link.watch({
    read: () => new Promise(() => {}),
    write(bytes) {
      const lines = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
      events.push(...lines.map((line) => JSON.parse(line) as LinkEvent));
      return Promise.resolve(bytes.length);
    },
    closeWrite: () => Promise.resolve(),
    close: () => {},
  }, new Uint8Array(0));
  return { link, events, caller: {} };
}

describe("Link", () => {
  test("says of each run which driver it has, to whoever follows from one to the next", async () => {
    const { link, events, caller } = await start();
    expect(await link.show()).toMatchObject({ ...tc, wish: "auto", running: false });
    expect(await link.begin({ up: lossy, down: wire }, caller)).toMatchObject(tc);
    expect(await link.begin({ up: scripted, down: wire }, caller)).toMatchObject(tun);
    expect(await link.begin({ up: lossy, down: wire }, caller)).toMatchObject(tc);
    await link.end(caller);
    expect(events.filter(({ ev }) => ev === "begin")).toMatchObject([tc, tun, tc]);
    expect(events.map(({ ev }) => ev).join(" ")).toBe("begin end begin end begin end");
    expect(machine.log.filter((line) => line !== "probe"))
      .toEqual(["start tc", "start tun", "end tc", "start tc", "end tun"]);
  });

  test("tells how many records were missed", async () => {
    const { link, caller } = await start();
    await link.begin({ up: lossy, down: wire }, caller);
    expect(await link.show()).toMatchObject({ missed: 0 });
    const [driver] = machine.made;
    const counts = { ...await driver!.counts(), missed: 7 };
    driver!.counts = () => Promise.resolve(counts);
    expect(await link.show()).toMatchObject({ missed: 7 });
  });

  test("lets the run under way go on where the next one's driver does not start", async () => {
    const { link, events, caller } = await start();
    await link.begin({ up: lossy, down: wire }, caller);
    machine.faults.set("tun", "Load the tun module: there is no /dev/net/tun");
    await expect(link.begin({ up: scripted, down: wire }, caller)).rejects.toThrow(/tun module/);
    expect(await link.show()).toMatchObject({ ...tc, running: true, epoch: 1 });
    expect(events.map(({ ev }) => ev)).toEqual(["begin"]);
  });

  test("keeps its driver alone where the run under way cannot be ended for the next", async () => {
    const { link, caller } = await start();
    await link.begin({ up: lossy, down: wire }, caller);
    machine.made[0]!.end = () => Promise.reject(new Error("tc is gone"));
    await expect(link.begin({ up: scripted, down: wire }, caller)).rejects.toThrow("tc is gone");
    expect(await link.show()).toMatchObject({ ...tc, running: true });
    expect(machine.log).toEqual(["probe", "start tc", "start tun", "end tun"]);
  });

  test("tells of a perfect wire where a new driver is in force and does not begin", async () => {
    const { link, caller } = await start();
    await link.begin({ up: lossy, down: wire }, caller);
    const fail = () => Promise.reject(new Error("no room"));
    machine.prepare = (driver) => Object.assign(driver, { begin: fail, set: fail });
    await expect(link.begin({ up: scripted, down: wire }, caller)).rejects.toThrow(/^no room$/);
    expect(await link.show()).toMatchObject({ ...tun, running: false, up: wire, down: wire });
    await expect(link.set({ up: lossy })).rejects.toThrow(/^no room$/);
    expect(await link.show()).toMatchObject({ ...tc, running: false, up: wire, down: wire });
  });

  test("takes tun for a run that tc does not begin, unless tc was asked for", async () => {
    machine.prepare = (driver) => {
      const refused = new AdvisedError("Take other profiles", "no room");
      if (driver.name === "tc") driver.begin = () => Promise.reject(refused);
    };
    const instead = { driver: "tun", why: "tc failed: no room" };
    const { link, events, caller } = await start();
    expect(await link.begin({ up: lossy, down: wire }, caller))
      .toMatchObject({ ...instead, epoch: 1, up: lossy });
    await link.end(caller);
    expect(events).toMatchObject([{ ev: "begin", ...instead, epoch: 1 }, { ev: "end" }]);
    await expect(link.begin({ up: lossy, down: wire, driver: "tc" }, caller))
      .rejects.toThrow(/^Take other profiles: no room$/);
    const other = await start("tc");
    await expect(other.link.begin({ up: lossy, down: wire }, caller)).rejects.toThrow(/no room$/);
    expect(await other.link.show()).toMatchObject({ ...tc, running: false, up: wire });
  });

  test("begins with the driver that a run asks for, where none was chosen for the link", async () => {
    const { link, caller } = await start();
    const asked = { up: lossy, down: wire, driver: "tun" } as const;
    expect(await link.begin(asked, caller)).toMatchObject({ driver: "tun" });
    const other = await start("tc");
    await expect(other.link.begin(asked, caller)).rejects.toThrow(
      /^Start the lab with --driver tun/,
    );
  });

  test("a shared run is joined only by who does not ask for another driver", async () => {
    const { link } = await start();
    const shared = { up: lossy, down: wire, join: true } as const;
    await link.begin(shared, {});
    expect(await link.begin({ ...shared, driver: "tc" }, {})).toMatchObject({ joined: true });
    await expect(link.begin({ ...shared, driver: "tun" }, {})).rejects.toThrow(/^Wait until/);
  });

  test("leaves drawn seeds away where the driver follows none, and refuses written ones", async () => {
    machine = new Machine({ ...netem, seeds: false, kernel: "6.1" });
    const { link, events, caller } = await start("tc");
    const begun = await link.begin({ up: lossy, down: wire, drawn: true }, caller);
    expect(begun.up.profile).toBe("loss 10%");
    expect(begun.why).toMatch(/^not to be repeated: the netem of kernel 6\.1 ignores seeds/);
    expect(events[0]).toMatchObject({ ev: "begin", up: { profile: "loss 10%" }, why: begun.why });
    await expect(link.begin({ up: lossy, down: wire }, caller)).rejects.toThrow(
      /^Use --driver tun, or leave out the seed/,
    );
    await expect(link.set({ up: lossy })).rejects.toThrow(/leave out the seed/);
    expect(await link.set({ up: { profile: "loss 20%", script: "" } }))
      .toMatchObject({ running: true, epoch: 1, up: { profile: "loss 20%" } });
  });

  test("set does not change the driver of a run, but between runs it does", async () => {
    const { link, caller } = await start();
    await link.begin({ up: lossy, down: wire }, caller);
    await expect(link.set({ down: scripted })).rejects.toThrow(/^Begin a run with the script/);
    expect((await link.show()).down.script).toBe("");
    await link.end(caller);
    expect(await link.set({ down: scripted }))
      .toMatchObject({ ...tun, up: lossy, down: scripted, running: false });
    expect(await link.reset()).toMatchObject({ ...tc, running: false });
  });
});
