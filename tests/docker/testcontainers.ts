/**
 * Testcontainers as tests here use it: our images, since none can be pulled everywhere, and our reaper, which removes
 * what a test started once its process is gone, however that ended.
 *
 * Its networks are never internal, and `withNetworkAliases` also joins a container to the default bridge: where
 * isolation is what is tested, a lab's own network serves, by `./lab up` or Compose.
 */
import { GenericContainer } from "testcontainers";

/** The checkout. */
export const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

const { version } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { version: string };

/** Deno, busybox and no more: what servers and clients run in. */
export const PROGRAMS_IMAGE = `socklab/programs:${version}`;
/** With iproute2, tcpdump and bash. */
export const LINK_IMAGE = `socklab/link:${version}`;

/** What Testcontainers reads from the environment; for child processes, too. */
export const TESTCONTAINERS_ENV: Readonly<Record<string, string>> = {
  RYUK_CONTAINER_IMAGE: `socklab/reaper:${version}`,
  // One reaper a process: what one test leaves goes with it, not with the last of all.
  TESTCONTAINERS_RYUK_TEST_LABEL: "true",
  // So nobody comes back.
  TESTCONTAINERS_RYUK_RECONNECTION_TIMEOUT: "1s",
};
for (const [name, value] of Object.entries(TESTCONTAINERS_ENV)) Deno.env.set(name, value);

/** A container that waits to be told what to do by `exec`, for an hour at most. */
export function idleContainer(image = PROGRAMS_IMAGE): GenericContainer {
  return new GenericContainer(image).withCommand(["sleep", "3600"]);
}
