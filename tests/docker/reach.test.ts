/** What the containers of a lab may do and reach, as seen from inside each. */
import { expect, test } from "vitest";
import { startTestbed } from "../../src/engine/mod.ts";
import { LabStage } from "../cli/lab_stage.ts";
import { docker } from "./docker_cli.ts";
import { describeDocker } from "./engine.ts";
import { expectUnprivileged, HostListeners, probeCommand, probeIn, readReport } from "./inside.ts";
import type { InsideReport } from "./inside_probe.ts";
import { idleContainer } from "./testcontainers.ts";

/** A port on which somebody else listens. */
const PORT = 7007;

/** Whom programs run as that belong to a user. */
const userOf = (owner: number) => Deno.uid() === 0 ? (owner || 65534) : Deno.uid();

/** A lab that `./lab up` has started, and the containers of its testbed by their roles. */
async function startLab() {
  const stage = new LabStage();
  const { status, err } = await stage.lab("up", "lab3", "--engine", "docker", "--netem", "none");
  expect({ status, err }).toEqual({ status: 0, err: "" });
  const record = JSON.parse(Deno.readTextFileSync(`${stage.states()[0]}/run.json`));
  const label = `label=socklab.testbed=${record.docker.id}`;
  const format = '{{.Label "socklab.role"}} {{.ID}}';
  const lines = await docker("ps", "--filter", label, "--format", format);
  const network = await docker("network", "ls", "--quiet", "--filter", label);
  const { IPAM } = JSON.parse(
    await docker("network", "inspect", "--format", "{{json .}}", network),
  );
  return {
    containers: Object.fromEntries(lines.split("\n").map((line) => line.split(" "))) as Record<
      string,
      string
    >,
    gateway: IPAM.Config[0].Gateway as string,
    server: `${IPAM.Config[0].Gateway.replace(/\.1$/, ".2")}`,
    async [Symbol.asyncDispose]() {
      // In good order: a stage alone would kill what removes containers.
      await stage.lab("down", "lab3");
      await stage[Symbol.asyncDispose]();
    },
  };
}

/** The addresses of a container, each in another of its networks. */
async function addressesOf(container: string): Promise<string[]> {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
  return (await docker("inspect", "--format", format, container)).split(" ").filter(Boolean);
}

/** Starts a listener in a container, and waits until it listens. */
async function listenIn(container: string): Promise<void> {
  await docker("exec", "--detach", container, "nc", "-ll", "-p", `${PORT}`, "-e", "true");
  const look = `until netstat -ltn | grep -q :${PORT}; do usleep 10000; done`;
  await docker("exec", container, "timeout", "10", "sh", "-c", look);
}

const connected = (report: InsideReport) =>
  Object.entries(report.tcp).filter(([, how]) => how === "connected").map(([target]) => target);

describeDocker("containers of a lab", () => {
  test("reach each other, and nothing else: no host, no other lab, no third party, no internet", async () => {
    using host = new HostListeners();
    await using third = await idleContainer().start();
    await using lab = await startLab();
    await using other = await startLab();
    const strangers = [
      ...await addressesOf(third.getId()),
      ...await addressesOf(other.containers.client1!),
    ].map((address) => `${address}:${PORT}`);
    await Promise.all([
      listenIn(third.getId()),
      listenIn(other.containers.client1!),
      listenIn(lab.containers.client1!),
    ]);

    // All of them are there to be reached, by those who may.
    await using neighbour = await idleContainer().start();
    const beside = await probeIn(neighbour.getId(), { tcp: strangers.slice(0, 1) });
    expect(connected(beside)).toEqual(strangers.slice(0, 1));
    const inOther = await probeIn(other.containers.server!, { tcp: strangers.slice(1) });
    expect(connected(inOther)).toEqual(strangers.slice(1));
    for (const target of host.targets) {
      const at = target.lastIndexOf(":");
      const hostname = target.slice(0, at).replace(/^\[|\]$/g, "");
      (await Deno.connect({ hostname, port: Number(target.slice(at + 1)) })).close();
    }
    await expect.poll(() => host.arrived.length).toBe(host.targets.length);
    host.arrived.length = 0;

    const own = `client1:${PORT}`;
    const ports = host.targets.map((target) => target.replace(/^.*:/, ""));
    const attempts = {
      tcp: [
        ...[own, ...host.targets, ...strangers, "192.0.2.1:80"],
        ...ports.map((port) => `${lab.gateway}:${port}`),
      ],
      udp: [...host.targets, ...strangers],
      names: ["server", "client1", "host.docker.internal", "example.org"],
    };
    const [client1] = await addressesOf(lab.containers.client1!);
    // At once: what leads nowhere takes its time to say so.
    await Promise.all(["server", "client1", "link"].map(async (role) => {
      const report = await probeIn(lab.containers[role]!, attempts);
      expect({ role, reached: connected(report) }).toEqual({ role, reached: [own] });
      expect({ role, names: report.names }).toEqual({
        role,
        names: {
          server: lab.server,
          client1,
          "host.docker.internal": expect.stringMatching(/EAI_|ENOTFOUND/),
          "example.org": expect.stringMatching(/EAI_|ENOTFOUND/),
        },
      });
      // Neither the link's control socket nor the engine's.
      expect({ role, sockets: report.sockets }).toEqual({ role, sockets: [] });
    }));
    expect(host.arrived).toEqual([]);
  });

  test("have no right, but for the link's two", async () => {
    await using lab = await startLab();
    const { containers } = lab;
    expect(Object.keys(containers).sort()).toEqual(["client1", "link", "server"]);
    for (const role of ["server", "client1"]) {
      const report = await probeIn(containers[role]!, {});
      expectUnprivileged(report);
      expect(report).toMatchObject({ limits: { pids: 512, memory: 1 << 30, cpu: 2 } });
      expect(report.tmpfs["/tmp"]).toBe("65536k");
    }
    const link = await probeIn(containers.link!, {});
    const rights = ["NET_ADMIN", "NET_RAW"];
    expect(link).toMatchObject({
      capabilities: { effective: rights, permitted: rights, bounding: rights, ambient: [] },
      noNewPrivs: true,
      seccomp: 2,
      calls: { setHostname: false, newNetwork: false },
      limits: { pids: 512, memory: 1 << 30, cpu: 2 },
    });
    // Its own memory only; not even the folder of the tun device, which is the machine's.
    expect(link.writable.filter((folder) => folder !== "/dev/mqueue")).toEqual(
      Object.keys(link.tmpfs).sort(),
    );
    expect(link.writable).not.toContain("/dev/net");
  });

  test("run programs as who owns them, and as nobody in particular for root", async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab reach " }));
    try {
      Deno.chmodSync(folder, 0o755);
      const path = `${folder}/probe.ts`;
      Deno.copyFileSync(new URL("./inside_probe.ts", import.meta.url), path);
      Deno.chmodSync(path, 0o644);
      await using testbed = await startTestbed("docker", { lab: "reach" });
      for (const owner of [0, 4321]) {
        if (Deno.uid() === 0) {
          for (const file of [folder, path]) Deno.chownSync(file, owner, owner);
        }
        const command = probeCommand({}, path);
        const program = { command, container: { command, reads: [path] } };
        for (const start of ["startServer", "startClient"] as const) {
          await using running = await testbed[start](program);
          const [stdout = "", stderr] = await Promise.all(
            [running.stdout, running.stderr].map((stream) => new Response(stream).text()),
          );
          const report = readReport(stdout, stderr);
          expectUnprivileged(report);
          expect({ start, uid: report.uid }).toEqual({ start, uid: userOf(owner) });
          expect(report.writable).not.toContain(folder);
          expect(report.sockets).toEqual([]);
          expect(await running.exited).toMatchObject({ code: 0, signal: null });
        }
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
});
