/**
 * How a link begins and ends: what it finds, what it leaves, what it says.
 */
import { afterEach, expect, test, vi } from "vitest";
import { connectLink, linkCommand, readyMarker } from "../../src/link/mod.ts";
import { makeOwnFolder } from "./own_folder.ts";
import {
  linkOn,
  type Outcome,
  run,
  serverAddress,
  Stage,
  type StageOptions,
  unshareCommand,
} from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const wire = { profile: "", script: "" };
const isRoot = Deno.uid() === 0;
let stage: Stage | undefined;

afterEach(async () => {
  await stage?.[Symbol.asyncDispose]();
  stage = undefined;
});

async function start(options: StageOptions = {}): Promise<Stage> {
  return stage = await Stage.start(options);
}

const exists = (path: string) => {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

/** Packets pass, and through the model: what it loses does not. */
async function works(on: Stage): Promise<void> {
  await on.link.begin(wire, wire);
  expect(await on.pings(serverAddress)).toBe(2);
  expect(await on.link.end()).toMatchObject({ up: { seen: 2 }, down: { seen: 2 } });
}

test.each([["in a user namespace", true], ["as whoever runs the tests", undefined]])(
  "a link works %s",
  async (_, rootless) => {
    await works(await start({ rootless }));
  },
);

test("rp_filter=1 found in the namespace is set right", async () => {
  const before = `for one in all default eth0 lo; do
    echo 1 > /proc/sys/net/ipv4/conf/$one/rp_filter; done`;
  await works(await start({ before }));
});

test("the link pins Reno and says so", async () => {
  const on = await start();
  expect((await on.link.show()).congestion).toBe("reno");
  const { stdout } = await on.run("server", "sysctl", "-n", "net.ipv4.tcp_congestion_control");
  expect(stdout).toBe("reno");
});

test("its owner's standard input closing ends it: status 0, no word, no socket", async () => {
  const on = await start();
  expect(Deno.statSync(on.control).mode! & 0o777).toBe(0o600);
  await on.leave();
  expect(await on.ended()).toEqual({ code: 0, signal: null, stderr: "" });
  expect(exists(on.control)).toBe(false);
});

test("SIGTERM ends it: status 0, no word, no socket; in the middle of a run too", async () => {
  const on = await start();
  await on.link.begin({ profile: "delay 10s", script: "" }, wire);
  await on.run("client", "ping", "-c1", "-W0.1", serverAddress);
  Deno.kill(on.pid, "SIGTERM");
  expect(await on.ended()).toEqual({ code: 0, signal: null, stderr: "" });
  expect(exists(on.control)).toBe(false);
});

test("events and captures end when the link does", async () => {
  const on = await start();
  const events = await on.link.events();
  const capture = await on.link.capture("client");
  await on.link.begin(wire, wire);
  await on.leave();
  const kinds: string[] = [];
  for await (const event of events) kinds.push(event.ev);
  expect(kinds).toEqual(["begin"]);
  const bytes = await new Response(capture as ReadableStream<Uint8Array<ArrayBuffer>>).bytes();
  expect(bytes.length).toBe(24);
});

test("a link starts where a killed one left its rules and its socket, and packets meet one model only", async () => {
  // The stage keeps the namespaces; links come and go in it.
  const on = await start({ bare: true });
  for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
    await using link = await on.startLink();
    expect(link.line).toMatch(/"ready":true/);
    const rules = await on.run("server", "ip", "rule");
    expect(rules.stdout.split("\n")).toHaveLength(10);
    using client = await connectLink(on.control);
    await client.begin(wire, wire);
    expect(await on.pings(serverAddress)).toBe(2);
    expect(await client.end()).toMatchObject({ up: { seen: 2 }, down: { seen: 2 } });
    await link.end(signal);
    // It fails open: the wire goes on without its model.
    expect(await on.pings(serverAddress)).toBe(2);
  }
});

test("a second link in the same namespace is refused in one line, and the first goes on", async () => {
  const on = await start();
  const second = await on.run("server", ...linkOn(`${on.folder}/second.sock`));
  expect(second).toEqual({
    code: 3,
    stdout: "",
    stderr: "End the other link first: it holds this namespace's link0",
  });
  await works(on);
});

test("the ready marker is there while packets pass through the link, and only then", async () => {
  const on = await start({ bare: true });
  const marker = async () => {
    const shown = await on.run("server", "ip", "-json", "link", "show", "dev", "eth0");
    return JSON.parse(shown.stdout)[0].ifalias ?? "";
  };
  const argv = (socket: string) =>
    linkCommand(Deno.execPath(), {
      device: "eth0",
      driver: "auto",
      ownerStdin: false,
      readyMarker: true,
      socket: `${on.folder}/${socket}`,
    });
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    await using link = await on.startLink(argv("a.sock"));
    expect(await marker()).toBe(readyMarker);
    // One that is refused leaves it to the other.
    expect((await on.run("server", ...argv("b.sock"))).code).toBe(3);
    expect(await marker()).toBe(readyMarker);
    await link.end(signal);
    // Killed, nobody removes it but the next link, before that is in place: here one whose socket has no folder.
    expect(await marker()).toBe(signal === "SIGKILL" ? readyMarker : "");
    expect((await on.run("server", ...argv("none/c.sock"))).code).toBe(3);
    expect(await marker()).toBe("");
  }
});

test("an interface without an address, or that is not there, is one line and status 3", async () => {
  const on = await start({ bare: true });
  const command = linkOn(`${on.folder}/x.sock`);
  const missing = await on.run("server", ...command, "--device", "eth7");
  expect(missing.code).toBe(3);
  expect(missing.stderr).toMatch(/^[^\n]*eth7[^\n]*$/);
  const bare = await on.run("server", "sh", "-c", `ip addr flush dev eth0; ${command.join(" ")}`);
  expect(bare).toMatchObject({
    code: 3,
    stderr: "Give eth0 an IPv4 address first: the link found none",
  });
});

test.each([
  [["--driver", "ebpf"], /^Use --driver auto, tc, tun, not ebpf$/],
  [["--loud"], /not --loud$/],
])("the link's program refuses %j in one line, status 3", async (args, line) => {
  const { code, stdout, stderr } = await run([...linkOn("/nowhere/x.sock"), ...args]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr.split("\n")).toHaveLength(1);
});

/** Starts a link in a fresh namespace whose /dev/net is covered first. */
function withoutTun(cover: string, rootless: boolean): Promise<Outcome> {
  const folder = makeOwnFolder();
  const link = linkOn(`${folder}/x.sock`).join(" ");
  return run(unshareCommand(
    rootless,
    `ip link add eth0 type veth peer name eth1; ip addr add 10.0.0.1/24 dev eth0
     ip link set eth0 up; mkdir ${folder}/net; ${cover}
     mount --bind ${folder}/net /dev/net; exec ${link}`,
  )).finally(() => Deno.removeSync(folder, { recursive: true }));
}

test.each([true, false].filter((rootless) => rootless || isRoot))(
  "no /dev/net/tun is one line and status 3 (rootless: %s)",
  async (rootless) => {
    const { code, stdout, stderr } = await withoutTun("", rootless);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(
      /^Load the tun module \(sudo modprobe tun\).*there is no \/dev\/net\/tun$/,
    );
    expect(stderr.split("\n")).toHaveLength(1);
  },
);

test.runIf(isRoot)("a forbidden /dev/net/tun is one line and status 3", async () => {
  const folder = makeOwnFolder();
  Deno.chmodSync(folder, 0o777);
  const node = await run(["mknod", "-m", "0600", `${folder}/tun`, "c", "10", "200"]);
  expect(node.code).toBe(0);
  const link = linkOn(`${folder}/x.sock`).join(" ");
  const inner = `ip link add eth0 type veth peer name eth1; ip addr add 10.0.0.1/24 dev eth0
    ip link set eth0 up; exec ${link}`;
  const user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const argv = [...user, ...unshareCommand(true, inner)].map((word) => `'${word}'`).join(" ");
  try {
    const { code, stdout, stderr } = await run(
      unshareCommand(false, `mount --bind ${folder}/tun /dev/net/tun && exec ${argv}`),
      { DENO_DIR: `${folder}/deno`, HOME: folder },
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(
      /^Allow your user the tun device .*opening \/dev\/net\/tun is forbidden$/,
    );
    expect(stderr.split("\n")).toHaveLength(1);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

test("no ip command is one line that says what to install", async () => {
  const on = await start({ bare: true });
  const { code, stderr } = await on.run(
    "server",
    "env",
    `PATH=${on.folder}`,
    ...linkOn(`${on.folder}/x.sock`),
  );
  expect(code).toBe(3);
  expect(stderr).toBe("Install iproute2: the link needs the command ip");
});
