/** What tests in containers need of a machine, and which Debian packages bring it. Pure. */
import type { Lack } from "./test_needs.ts";

/** What a machine has of Docker. */
export interface DockerHave {
  /** An engine answers. */
  engine: boolean;
  /** `dockerd` is installed. */
  daemon: boolean;
  /** `docker` is installed. */
  client: boolean;
  /** What `docker compose version --short` prints; null where there is none. */
  compose: string | null;
  /** `docker buildx version` works. */
  buildx: boolean;
  /** `mmdebstrap`, which makes base images where no image registry can be reached. */
  mmdebstrap: boolean;
}

/** What a machine lacks of Docker. */
export interface DockerLacks {
  lacks: Lack[];
  /** Debian packages of {@linkcode PLUGIN_SUITE} to take a client plugin from, each `docker-*`. */
  plugins: string[];
}

/** The first Debian release with Compose v2 and buildx, and its number. */
export const PLUGIN_SUITE = { name: "trixie", number: 13 } as const;

/** The oldest Compose with `include`. */
const COMPOSE = { major: 2, minor: 20 } as const;

/** Tests that run containers, or take the images elsewhere. */
const DOCKER_TESTS =
  /^(?:(?:tests\/(?:docker|compose|kernel)|src\/engine\/docker)\/|labs\/[^/]+\/checks\.test\.ts$)/;

/** Returns the number of a Debian release by os-release(5); null for other systems. */
export function debianRelease(osRelease: string): number | null {
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\n]*)`, "m").exec(osRelease)?.[1];
  if (value("ID") !== "debian") return null;
  // Testing and unstable have no number: they are newer than any that has one.
  return Number(value("VERSION_ID") ?? Infinity);
}

/** Returns whether Compose is new enough for compose.yaml: 2.20 brought `include`. */
export function isComposeEnough(version: string | null): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "")?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > COMPOSE.major || (major === COMPOSE.major && minor >= COMPOSE.minor);
}

/** Returns whether a run of the tests with these filters meets one that needs an engine. */
export function needsEngine(testFiles: readonly string[], filters: readonly string[]): boolean {
  return testFiles.some((path) =>
    DOCKER_TESTS.test(path) &&
    (filters.length === 0 || filters.some((filter) => path.includes(filter.replace(/^\.\//, ""))))
  );
}

/**
 * Returns what is missing of an engine, its client, Compose, buildx and the maker of base images.
 *
 * @param release Number of the Debian release; null elsewhere, where no packages are known.
 */
export function dockerLacks(have: DockerHave, release: number | null): DockerLacks {
  const fresh = (release ?? 0) >= PLUGIN_SUITE.number;
  const lacks: Lack[] = [];
  const plugins: string[] = [];
  const lack = (name: string, ...packages: string[]) =>
    lacks.push({ name, packages: release === null ? [] : packages });
  const plugin = (name: string, holder: string) => {
    if (fresh || release === null) return lack(name, holder);
    // The keys of that suite came to the older one with an update.
    lack(name, "debian-archive-keyring");
    plugins.push(holder);
  };
  if (!have.engine && !have.daemon) {
    lack("a Docker engine", "docker.io", "containerd", "runc", "iptables");
  }
  if (!have.client) lack("Docker's command line", fresh ? "docker-cli" : "docker.io");
  if (!isComposeEnough(have.compose)) {
    plugin(`Docker Compose ${COMPOSE.major}.${COMPOSE.minor} or newer`, "docker-compose");
  }
  if (!have.buildx) plugin("Docker Buildx", "docker-buildx");
  if (!have.mmdebstrap && release !== null) {
    lack("images without a registry", "mmdebstrap", "debian-archive-keyring");
  }
  return { lacks, plugins };
}
