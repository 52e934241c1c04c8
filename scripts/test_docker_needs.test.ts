import { expect, test } from "vitest";
import {
  debianRelease,
  type DockerHave,
  dockerLacks,
  isComposeEnough,
  needsEngine,
} from "./test_docker_needs.ts";

const ALL: DockerHave = {
  engine: true,
  daemon: true,
  client: true,
  compose: "2.26.1-4",
  buildx: true,
  mmdebstrap: true,
};
const NONE: DockerHave = {
  engine: false,
  daemon: false,
  client: false,
  compose: null,
  buildx: false,
  mmdebstrap: false,
};
const packagesOf = (have: DockerHave, release: number | null) => {
  const { lacks, plugins } = dockerLacks(have, release);
  return {
    packages: [...new Set(lacks.flatMap(({ packages }) => packages))].sort(),
    plugins,
  };
};

test("dockerLacks() takes Compose and buildx of Debian 13 for a Debian 12 that has nothing", () => {
  expect(packagesOf(NONE, 12)).toEqual({
    packages: [
      ...["containerd", "debian-archive-keyring", "docker.io", "iptables", "mmdebstrap", "runc"],
    ],
    plugins: ["docker-compose", "docker-buildx"],
  });
});

test("dockerLacks() takes ordinary packages on Debian 13 and newer", () => {
  const packages = [
    ...["containerd", "debian-archive-keyring", "docker-buildx", "docker-cli", "docker-compose"],
    ...["docker.io", "iptables", "mmdebstrap", "runc"],
  ];
  expect(packagesOf(NONE, 13)).toEqual({ packages, plugins: [] });
  expect(packagesOf(NONE, Infinity)).toEqual({ packages, plugins: [] });
});

test("dockerLacks() takes an engine beside a client that is there alone", () => {
  expect(packagesOf({ ...ALL, engine: false, daemon: false }, 12)).toEqual({
    packages: ["containerd", "docker.io", "iptables", "runc"],
    plugins: [],
  });
});

test("dockerLacks() leaves an engine alone that answers, or that need only be started", () => {
  expect(dockerLacks(ALL, 12)).toEqual({ lacks: [], plugins: [] });
  expect(dockerLacks({ ...ALL, daemon: false }, 12)).toEqual({ lacks: [], plugins: [] });
  expect(dockerLacks({ ...ALL, engine: false }, 12)).toEqual({ lacks: [], plugins: [] });
});

test("dockerLacks() replaces a Compose too old for `include`", () => {
  expect(packagesOf({ ...ALL, compose: "2.19.1" }, 12).plugins).toEqual(["docker-compose"]);
});

test("dockerLacks() names no packages on other systems", () => {
  expect(dockerLacks(NONE, null)).toEqual({
    lacks: [
      { name: "a Docker engine", packages: [] },
      { name: "Docker's command line", packages: [] },
      { name: "Docker Compose 2.20 or newer", packages: [] },
      { name: "Docker Buildx", packages: [] },
    ],
    plugins: [],
  });
});

test("isComposeEnough() wants 2.20", () => {
  expect(["2.20.0", "v2.26.1", "2.26.1-4", "5.0.0"].map(isComposeEnough)).not.toContain(false);
  expect(["1.29.2", "2.19.9", "dev", "", null].map(isComposeEnough)).not.toContain(true);
});

test("debianRelease() reads the number, and knows Debian from its kin", () => {
  expect(debianRelease('ID=debian\nVERSION_ID="12"\n')).toBe(12);
  expect(debianRelease('PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n')).toBe(Infinity);
  expect(debianRelease('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n')).toBeNull();
  expect(debianRelease("")).toBeNull();
});

test("needsEngine() holds for all tests, and for filters that meet one in containers", () => {
  const files = ["src/netem/model.test.ts", "tests/docker/reach.test.ts", "tests/link/a.test.ts"];
  expect(needsEngine(files, [])).toBe(true);
  expect(needsEngine(files, ["src/netem", "./tests/docker"])).toBe(true);
  expect(needsEngine(files, ["tests"])).toBe(true);
  expect(needsEngine(files, ["src/netem", "tests/link"])).toBe(false);
  expect(needsEngine(["src/room/good.test.ts"], [])).toBe(false);
});
