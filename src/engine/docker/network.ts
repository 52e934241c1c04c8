/** A testbed's network on an engine. */
import type Docker from "dockerode";
import { MachineError } from "../machine_error.ts";
import { isStatus } from "./removal.ts";
import { candidates, firstFree, type Subnet } from "./subnet.ts";

/** Subnets tried before the engine is asked which are free. */
const BLIND = 2;
/** Subnets tried then: others may take them in the same moment. */
const SEEING = 20;

/**
 * Makes a network that leads nowhere: `internal`, and its bridge has no address, so that the host's own services are
 * out of reach as well. Returns its subnet.
 *
 * @throws {MachineError} Where no subnet is free.
 */
export async function createNetwork(
  docker: Docker,
  options: { name: string; labels: Record<string, string> },
): Promise<Subnet> {
  let wanted = candidates(crypto.getRandomValues(new Uint8Array(1))[0]!);
  for (let tries = 0; tries < BLIND + SEEING; tries++) {
    if (tries >= BLIND) {
      const free = firstFree(wanted, await subnets(docker));
      wanted = free === null ? [] : wanted.slice(wanted.indexOf(free));
    }
    const subnet = wanted.shift();
    if (subnet === undefined) break;
    try {
      await docker.createNetwork({
        Name: options.name,
        CheckDuplicate: true,
        Driver: "bridge",
        Internal: true,
        Labels: options.labels,
        Options: { "com.docker.network.bridge.inhibit_ipv4": "true" },
        IPAM: { Config: [{ Subnet: `${subnet}.0/24`, Gateway: `${subnet}.1` }] },
      });
      return subnet;
    } catch (error) {
      if (!isStatus(error, 400, 403, 409) || !/overlaps/i.test((error as Error).message)) {
        throw error;
      }
    }
  }
  throw new MachineError(
    "Run docker network prune, which removes networks that nothing uses: no subnet is free for this lab's",
  );
}

async function subnets(docker: Docker): Promise<string[]> {
  const networks = await docker.listNetworks();
  return networks.flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Subnet }: { Subnet?: string }) => Subnet ?? [])
  );
}
