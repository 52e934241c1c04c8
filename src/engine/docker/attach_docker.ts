/** Visiting a testbed of containers. */
import { connectLink } from "../../link/mod.ts";
import type { AttachOptions } from "../attach.ts";
import { parseDockerSocket } from "../docker_socket.ts";
import { MachineError } from "../machine_error.ts";
import type { StateFolder } from "../state.ts";
import type { StartedTestbed } from "../testbed.ts";
import { watchLink } from "../watch_link.ts";
import type { Engine } from "./container.ts";
import type { TestbedFacts } from "./containers.ts";
import { DockerTestbed } from "./docker_testbed.ts";
import { EngineEvents } from "./events.ts";
import { explainDocker } from "./explain.ts";
import { ensureImages } from "./images.ts";
import { labelsOf, OWNER, TESTBED, testbedName, thisOwner } from "./labels.ts";
import { openClient } from "./module.ts";
import { needsOf, Programs } from "./programs.ts";
import { removeLabelled } from "./removal.ts";
import { subnetOf } from "./subnet.ts";
import { startWatch, type Watch } from "./watch.ts";

/** As `attachTestbed()`, for the docker engine. */
export async function attachDockerTestbed(
  { path, record }: StateFolder,
  { programs: expected = {}, clients = 1, onNotice = () => {} }: AttachOptions,
): Promise<StartedTestbed> {
  const { socket, id } = record.docker!;
  if (expected.client) needsOf(expected.client);
  const control = `${path}/control.sock`;
  const link = await connectLink(control);
  const [{ driver, server }, linkWatch] = await Promise.all([link.show(), watchLink(control)]);
  const docker = await openClient(parseDockerSocket(socket)!, onNotice);
  const engine: Engine = {
    docker,
    socket: parseDockerSocket(socket)!,
    onNotice,
    provideImages: () => ensureImages(docker, { onNotice }),
  };
  const ours = [`${OWNER}=${thisOwner()}`, `${TESTBED}=${id}`];
  const events = await EngineEvents.open(docker, `${TESTBED}=${id}`).catch((error) => {
    throw explainDocker(error, "follow what happens");
  });
  const facts: TestbedFacts = {
    name: testbedName(record.lab, id),
    labels: labelsOf({ id, lab: record.lab, kind: record.kind, state: path }),
    clients: record.clients,
  };
  const broken = Promise.race([linkWatch.ended, events.lost])
    .then(() => new MachineError("Start the lab again with ./lab up: it has ended"));
  let watch: Watch | null = null;
  const onMake = () => {
    watch ??= startWatch(socket, ours);
  };
  const programs = new Programs({
    engine,
    events,
    facts,
    subnet: subnetOf(server),
    hosts: true,
    visitor: true,
    broken,
    onMake,
  });
  if (expected.client) {
    const hosts = Array.from({ length: clients }, (_, i) => i + 1);
    programs.prepare(hosts, expected.client).catch(() => {}); // Whoever starts it hears of it.
  }
  return new DockerTestbed({
    engine,
    events,
    facts,
    serverAddress: server,
    driver,
    link,
    programs,
    control,
    broken,
    onMake,
    async end() {
      linkWatch[Symbol.dispose]();
      if (watch !== null) {
        try {
          await removeLabelled(docker, ours);
          watch.done();
        } catch {
          watch.leave();
        }
      }
      events.close();
    },
  });
}
