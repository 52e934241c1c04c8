import { describe, expect, test } from "vitest";
import { advise, installCommand } from "./advice.ts";
import type { MachineFacts, NamespaceFacts } from "./machine_facts.ts";

const NAMESPACES: NamespaceFacts = {
  as: "user",
  reason: "",
  veth: { works: true },
  bridge: { works: true },
  tun: { works: true },
  tc: {
    works: true,
    seeds: true,
    nanoseconds: true,
    kernel: "6.12.1",
    iproute2: "6.15.0",
    reason: "",
  },
  congestion: ["reno", "cubic"],
};

const GOOD: MachineFacts = {
  deno: { version: "2.9.6", path: "/usr/bin/deno" },
  os: "linux",
  arch: "x86_64",
  kernel: "6.12.1",
  root: false,
  distribution: ["debian"],
  tools: {
    ip: "/sbin/ip",
    mount: "/bin/mount",
    nsenter: "/bin/nsenter",
    setpriv: "/bin/setpriv",
    setsid: "/bin/setsid",
    unshare: "/bin/unshare",
    tc: "/sbin/tc",
    ss: "/bin/ss",
    tcpdump: "/bin/tcpdump",
  },
  tcVersion: "6.15.0",
  tunMode: 0o666,
  tunOpens: true,
  namespaces: NAMESPACES,
  limits: { appArmor: null, usernsClone: null, maxUserNamespaces: 9000, container: false },
  docker: { socket: null, version: null, kernel: null, reason: "absent" },
};

/** What the link finds where the kernel has no netem. */
const NO_NETEM = {
  ...{ works: false, seeds: false, nanoseconds: false, kernel: "6.12.1", iproute2: "6.15.0" },
  reason: "this kernel has no netem",
};

/** A machine like GOOD where no namespace can be made. */
function locked(change: Partial<MachineFacts["limits"]>, root = false): MachineFacts {
  const no = { works: false, reason: "no namespace to try it in" } as const;
  return {
    ...GOOD,
    root,
    limits: { ...GOOD.limits, ...change },
    namespaces: {
      ...NAMESPACES,
      as: null,
      reason: "unshare: unshare failed: Operation not permitted",
      veth: no,
      bridge: no,
      tun: no,
      tc: null,
    },
  };
}

/** What stops a run on that machine. */
function missing(facts: MachineFacts) {
  const advice = advise(facts);
  expect(advice).toMatchObject({ ok: false, engine: null, driver: null });
  return advice.findings.filter(({ state }) => state === "missing");
}

test("advise() chooses the local engine and tc where everything is there", () => {
  const advice = advise(GOOD);
  expect(advice).toMatchObject({ ok: true, engine: "local", driver: "tc", why: null });
  expect(advice.findings.every(({ remedy }) => remedy === undefined)).toBe(true);
});

test("advise() takes neither a missing kernel netem, nor Docker, nor tcpdump for a fault", () => {
  const advice = advise({
    ...GOOD,
    tools: { ...GOOD.tools, tcpdump: null },
    namespaces: { ...NAMESPACES, tc: NO_NETEM },
  });
  const why = "this kernel has no netem";
  expect(advice).toMatchObject({ ok: true, driver: "tun", why });
  expect(advice.findings).toContainEqual({
    topic: "For the shell",
    state: "note",
    found: "no tcpdump",
    remedy: "sudo apt-get install tcpdump",
  });
  expect(advice.findings.find(({ topic }) => topic === "netem")?.found).toBe(
    "this kernel has no netem; tun does",
  );
});

describe("advise() names the setting that forbids namespaces, and the way out", () => {
  test.each([
    [{ appArmor: 1 }, "kernel.apparmor_restrict_unprivileged_userns=0"],
    [{ usernsClone: 0 }, "kernel.unprivileged_userns_clone=1"],
    [{ maxUserNamespaces: 0 }, "user.max_user_namespaces=15000"],
    [{ container: true }, "--privileged"],
  ])("%j", (change, remedy) => {
    const findings = missing(locked(change));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.topic).toBe("Namespaces");
    expect(findings[0]?.remedy).toContain(remedy);
  });

  test("of nothing known, it quotes the machine", () => {
    expect(missing(locked({}))[0]).toMatchObject({
      found: "not allowed: unshare: unshare failed: Operation not permitted",
      remedy: "Run it as root",
    });
  });

  test("root in a container is not told to become root", () => {
    const [finding] = missing(locked({ container: true, appArmor: 1, usernsClone: 0 }, true));
    expect(finding?.remedy).toBe(
      "Start the container with --privileged, or outside of it run ./lab there",
    );
  });
});

describe("advise() tells the three ways of having no tun apart", () => {
  const tun = { works: false, reason: "open: No such device" } as const;
  const noTun = { ...NAMESPACES, tun, tc: NO_NETEM };
  test("no device file", () => {
    const facts = { ...GOOD, namespaces: noTun, tunMode: null, tunOpens: false };
    expect(missing(facts)[0]?.remedy).toBe("sudo modprobe tun");
    expect(
      missing({ ...facts, limits: { ...GOOD.limits, container: true } })[0]?.remedy,
    ).toBe("Start the container with --device /dev/net/tun");
  });
  test("a device file of root's", () => {
    const facts = { ...GOOD, namespaces: noTun, tunMode: 0o600, tunOpens: false };
    expect(missing(facts)[0]).toMatchObject({
      topic: "tun",
      found: "/dev/net/tun is not yours to open (its mode is 0600)",
      remedy: expect.stringContaining("sudo chmod 0666 /dev/net/tun"),
    });
  });
  test("no module behind it", () => {
    expect(missing({ ...GOOD, namespaces: noTun })[0]).toMatchObject({
      found: "no: open: No such device",
      remedy: "sudo modprobe tun",
    });
  });
});

test("advise() takes a missing tun device for a fault only where every run needs it", () => {
  const tun = { works: false, reason: "open: No such device" } as const;
  const advice = advise({ ...GOOD, namespaces: { ...NAMESPACES, tun } });
  expect(advice).toMatchObject({ ok: true, local: true, driver: "tc" });
  expect(advice.findings.find(({ topic }) => topic === "tun")).toEqual({
    topic: "tun",
    state: "note",
    found: "no: open: No such device; only scripts need it here",
    remedy: "sudo modprobe tun",
  });
});

test("advise() names the driver in the link's own words", () => {
  const old = { ...NAMESPACES.tc!, seeds: false, iproute2: "6.1.0" };
  expect(advise({ ...GOOD, namespaces: { ...NAMESPACES, tc: old } })).toMatchObject({
    driver: "tun",
    why: "tc of iproute2 6.1.0 knows no seeds, 6.6 or later does",
  });
  const docker = { socket: "/d.sock", version: "26.1.5", kernel: GOOD.kernel, reason: null };
  const containers = (change: Partial<MachineFacts>) => {
    const { engine, driver } = advise({ ...GOOD, docker, ...change });
    expect(engine).toBe("docker");
    return driver;
  };
  // The link's container has tools of its own.
  expect(containers({ namespaces: { ...NAMESPACES, tc: old } })).toBe("tc");
  expect(containers({ namespaces: { ...NAMESPACES, tc: NO_NETEM } })).toBe("tun");
  expect(containers({ docker: { ...docker, kernel: "6.12.1-linuxkit" } })).toBe(null);
  expect(containers({ namespaces: null })).toBe(null);
});

test("advise() asks for missing tools by the distribution's own names", () => {
  const bare = { ...GOOD, tools: { ...GOOD.tools, ip: null, unshare: null }, namespaces: null };
  expect(missing(bare)[0]).toMatchObject({
    topic: "Tools",
    found: "no ip, unshare",
    remedy: "sudo apt-get install iproute2 util-linux",
  });
  const install = (distribution: string[], root = false) =>
    installCommand({ ...GOOD, distribution, root }, ["ip", "unshare"]);
  expect(install(["ubuntu", "debian"], true)).toBe("apt-get install iproute2 util-linux");
  expect(install(["rocky", "rhel", "centos", "fedora"])).toBe(
    "sudo dnf install iproute iproute-tc util-linux",
  );
  expect(install(["manjaro", "arch"])).toBe("sudo pacman -S iproute2 util-linux");
  expect(install(["alpine"])).toBe("sudo apk add iproute2 setpriv util-linux");
  expect(install([])).toBe("install the packages that hold ip, unshare");
});

test("advise() sends macOS to Linux instead of listing what it lacks", () => {
  const findings = missing({ ...GOOD, os: "darwin", namespaces: null });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.found).toBe("darwin, which has no network namespaces");
});

test("advise() reports Docker's answer, and each way of not answering", () => {
  const found = (docker: MachineFacts["docker"]) =>
    advise({ ...GOOD, docker }).findings.find(({ topic }) => topic === "Docker");
  const socket = "/var/run/docker.sock";
  expect(found({ socket, version: "26.1.5", kernel: null, reason: null })).toEqual({
    topic: "Docker",
    state: "ok",
    found: `26.1.5 answers on ${socket}`,
  });
  const images = [{ tag: "a:1", there: true }, { tag: "b:1", there: false }];
  expect(found({ socket, version: "26.1.5", kernel: null, reason: null, images })).toMatchObject({
    found: `26.1.5 answers on ${socket}, without b:1`,
    remedy: "./lab images builds what is missing; or else the first run does",
  });
  expect(found({ socket, version: "19.03.8", kernel: null, reason: null })).toMatchObject({
    state: "note",
    found: `19.03.8 answers on ${socket}; too old to be used`,
    remedy: "Update it to 20.10 or newer",
  });
  expect(found({ socket, version: null, kernel: null, reason: "forbidden" })?.remedy).toContain(
    "usermod -aG",
  );
  for (const reason of ["absent", "refused", "silent", "unknown-host"] as const) {
    expect(found({ socket, version: null, kernel: null, reason })).toMatchObject({
      state: "note",
      found: expect.stringMatching(/; not needed$/),
    });
  }
});

test("advise() chooses Docker where it can be used, whatever the local engine lacks", () => {
  const docker = {
    socket: "/var/run/docker.sock",
    version: "20.10.24+dfsg1",
    kernel: null,
    reason: null,
  };
  expect(advise({ ...GOOD, docker })).toMatchObject({ ok: true, engine: "docker", local: true });
  expect(advise({ ...locked({}), docker })).toMatchObject({
    ok: true,
    engine: "docker",
    local: false,
  });
  expect(advise({ ...GOOD, os: "darwin", docker })).toMatchObject({ ok: true, engine: "docker" });
  const old = { ...docker, version: "19.03.8" };
  expect(advise({ ...GOOD, docker: old })).toMatchObject({ ok: true, engine: "local" });
});
