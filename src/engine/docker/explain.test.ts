import { expect, test } from "vitest";
import { MachineError } from "../machine_error.ts";
import { explainAbsence, explainDocker, isWithoutTun } from "./explain.ts";

/** An error as the client library throws it. */
function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });
}

test("isWithoutTun() knows the refusal for want of a folder for the tun device from all others", () => {
  const words = 'invalid mount config for type "bind": bind source path does not exist: ';
  expect(isWithoutTun(refusal(400, `${words}/dev/net`))).toBe(true);
  expect(isWithoutTun(refusal(400, `${words}/dev/network`))).toBe(false);
  expect(isWithoutTun(new Error("socket hang up"))).toBe(false);
});

test.each<[string, Error, RegExp]>([
  [
    "an engine of another machine",
    refusal(
      400,
      'invalid mount config for type "bind": bind source path does not exist: /home/me/lab',
    ),
    /^Use a Docker engine of this machine.*: Docker finds no folder \/home\/me\/lab$/,
  ],
  [
    "no subnet",
    refusal(
      404,
      "could not find an available, non-overlapping IPv4 address pool among the defaults",
    ),
    /^Run docker network prune/,
  ],
  [
    "a full disk",
    refusal(500, "mkdir /var/lib/docker/overlay2/x: no space left on device"),
    /^Make room where Docker keeps its data/,
  ],
  [
    "a container in the way",
    refusal(
      409,
      'Conflict. The container name "/socklab-lab3-1-link" is already in use by container "abc". You have to remove it',
    ),
    /^Remove the container socklab-lab3-1-link, .*docker rm -f socklab-lab3-1-link/,
  ],
  [
    "a network in the way",
    refusal(409, "network with name socklab-lab3-1 already exists"),
    /^Remove the network socklab-lab3-1, .*docker network rm socklab-lab3-1/,
  ],
  [
    "anything else",
    refusal(500, "OCI runtime create failed:\n runc: something odd"),
    /^Look at Docker's log, or use --engine local: Docker could not start the link \(OCI runtime create failed: runc: something odd\)$/,
  ],
  [
    "an engine that has gone",
    Object.assign(new Error("connect ECONNREFUSED /var/run/docker.sock"), { code: "ECONNREFUSED" }),
    /^Start Docker again/,
  ],
  [
    "an engine that goes in the middle",
    Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
    /^Start Docker again/,
  ],
])("explainDocker() at %s", (_name, error, line) => {
  const explained = explainDocker(error, "start the link");
  expect(explained).toBeInstanceOf(MachineError);
  expect(explained.message).toMatch(line);
  expect(explained.message).toMatch(/^[^\n]+[^.\n]$/);
  expect(explained.cause).toBe(error);
});

test("explainDocker() leaves what is explained already", () => {
  const error = new MachineError("Do this: that is");
  expect(explainDocker(error, "x")).toBe(error);
});

test.each(
  [
    ["forbidden", /usermod -aG docker/],
    ["refused", /^Start Docker.*nobody listens/],
    ["silent", /^Restart Docker/],
    ["unknown-host", /^Set DOCKER_HOST/],
    ["absent", /^Install Docker/],
  ] as const,
)("explainAbsence() of one that is %s says what to do", (reason, line) => {
  expect(explainAbsence({ socket: "/s", version: null, kernel: null, reason })).toMatch(line);
});

test("explainAbsence() of an old engine names the version that is needed", () => {
  const facts = { socket: "/s", version: "19.03.8", kernel: null, reason: null };
  expect(explainAbsence(facts)).toBe(
    "Update Docker to 20.10 or newer, or use --engine local: 19.03.8 answers on /s",
  );
});
