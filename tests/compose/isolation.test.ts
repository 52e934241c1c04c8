/** What containers of a lab may do and reach, as seen from inside each. */
import { expect, test } from "vitest";
import { docker } from "../docker/docker_cli.ts";
import { describeDocker } from "../docker/engine.ts";
import {
  expectSizedScratch,
  expectUnprivileged,
  HostListeners,
  probeIn,
} from "../docker/inside.ts";
import type { InsideReport } from "../docker/inside_probe.ts";
import { ComposeStage, UID, useCompose } from "./compose_stage.ts";

const context = useCompose();

/** Starts a lab whose client idles beside its server. */
async function standing(
  stage: ComposeStage,
): Promise<Record<"client" | "server" | "link", string>> {
  const started = await stage.compose(
    [
      "run",
      "--detach",
      "--name",
      `${stage.project}-client`,
      "--entrypoint",
      "sleep",
      "lab3",
      "600",
    ],
  );
  expect(started.status).toBe(0);
  const idOf = async (service: string) => (await stage.compose(["ps", "-q", service])).out.trim();
  return {
    client: `${stage.project}-client`,
    server: await idOf("lab3-server"),
    link: await idOf("lab3-link"),
  };
}

async function addressOf(container: string): Promise<string> {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  return await docker("inspect", "--format", format, container);
}

describeDocker("containers of a lab", () => {
  test("have no right but the link's, and reach nothing but each other", async () => {
    const { stage } = context;
    await using other = new ComposeStage();
    using host = new HostListeners();
    const [own, others] = await Promise.all([standing(stage), standing(other)]);
    const network = await docker(
      "network",
      "inspect",
      `${stage.project}_lab3`,
      "--format",
      "{{json .}}",
    );
    const [, gateway = ""] = /"Gateway":"([^"]+)"/.exec(network) ?? [];
    const strange = [await addressOf(others.client), await addressOf(others.link)];
    const server = await addressOf(own.link);
    const ports = host.targets.map((target) => target.replace(/^.*:/, ""));
    const attempts = {
      tcp: [
        ...host.targets,
        ...(gateway === "" ? [] : ports.map((port) => `${gateway}:${port}`)),
        ...strange.map((address) => `${address}:12000`),
        "192.0.2.1:80",
      ],
      udp: [...host.targets, ...strange.map((address) => `${address}:12000`)],
      names: ["server", "example.org", "lab3-server"],
      connectMs: 1000,
    };
    const reports: Record<string, InsideReport> = {};
    for (const [role, container] of Object.entries(own)) {
      reports[role] = await probeIn(container, attempts);
    }
    for (const role of ["client", "server"]) {
      const report = reports[role]!;
      const scratch = report.writable.filter((folder) => folder !== "/socklab/out");
      expect(scratch.length < report.writable.length).toBe(role === "client");
      expectUnprivileged({ ...report, writable: scratch });
      expect(report).toMatchObject({ uid: UID, gid: UID });
      // Engines differ in whether the first group is listed again.
      expect(report.groups.filter((group) => group !== UID)).toEqual(
        role === "client" ? [61000] : [],
      );
    }
    expect(reports.link).toMatchObject({ uid: 0, noNewPrivs: true, seccomp: 2 });
    expect(reports.link!.capabilities.effective.sort()).toEqual(["NET_ADMIN", "NET_RAW"]);
    expect(reports.link!.capabilities.bounding.sort()).toEqual(["NET_ADMIN", "NET_RAW"]);
    expectSizedScratch(reports.link!);
    for (const [role, report] of Object.entries(reports)) {
      // Loopback is each container's own; nobody listens there.
      expect({ role, reached: Object.entries(report.tcp).filter(([, how]) => how === "connected") })
        .toEqual({ role, reached: [] });
      expect(report.names.server).toBe(server);
      expect(report.names["example.org"]).not.toMatch(/^[\d.]+$/);
    }
    expect(host.arrived).toEqual([]);
    // The control socket is the client's, which is the student's own run, and out of the server's reach.
    expect(reports.client!.sockets).toContain("/dev/shm/link/control.sock");
    expect(reports.server!.sockets).toEqual([`/dev/shm/server-${UID}/agent.sock`]);
  });

  test("a lookup of a name outside fails after a second", async () => {
    const { stage } = context;
    const { client } = await standing(stage);
    const program =
      "const t = performance.now(); await Deno.connect({ hostname: 'example.org', port: 80 }).catch(() => {}); console.log(performance.now() - t)";
    const took = Number(await docker("exec", client, "deno", "eval", program));
    expect(took).toBeLessThan(3000);
  });

  test("a program that takes more memory than its limit is ended alone", async () => {
    const { stage } = context;
    const { client } = await standing(stage);
    const program = "const held = []; for (;;) held.push(new Uint8Array(8 << 20).fill(1))";
    const status = await new Deno.Command("docker", {
      args: ["exec", client, "deno", "eval", program],
      stdout: "null",
      stderr: "null",
    }).output();
    expect(status.code).not.toBe(0);
    expect(await docker("inspect", "--format", "{{.State.Running}}", client)).toBe("true");
  });
});
