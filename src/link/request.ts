/**
 * Requests as they come over the control socket, checked before anything acts on them.
 */
import type { DriverName } from "./driver_choice.ts";
import type { LinkRequest, LinkSetting } from "./protocol.ts";

/** What an id may be. */
type Id = number | string;

/** The id to echo, where the value is a request that has one. */
export function requestId(value: unknown): Id | undefined {
  const id = isObject(value) ? value.id : undefined;
  return typeof id === "number" || typeof id === "string" ? id : undefined;
}

/**
 * The request in a line's value.
 *
 * @throws {RangeError | TypeError} Naming the field at fault.
 */
export function parseRequest(value: unknown): LinkRequest {
  if (!isObject(value)) throw new TypeError("Send a JSON object with the fields v and op");
  if (value.v !== 1) {
    throw new RangeError(
      `Speak version 1 of the link's protocol, not ${JSON.stringify(value.v) ?? "none"}`,
    );
  }
  switch (value.op) {
    case "begin":
      return {
        op: "begin",
        up: setting(value.up, "up"),
        down: setting(value.down, "down"),
        ...(flag(value.join, "join") && { join: true }),
        ...(flag(value.reuse_seeds, "reuse_seeds") && { reuse_seeds: true }),
        ...(flag(value.drawn, "drawn") && { drawn: true }),
        ...(value.driver === undefined
          ? {}
          : { driver: oneOf<DriverName>(value.driver, "driver", ["tc", "tun"]) }),
      };
    case "set":
      return {
        op: "set",
        ...(value.up === undefined ? {} : { up: setting(value.up, "up") }),
        ...(value.down === undefined ? {} : { down: setting(value.down, "down") }),
      };
    case "show":
    case "reset":
    case "end":
    case "events":
      return { op: value.op };
    case "capture":
      return { op: "capture", side: oneOf(value.side, "side", ["client", "server"]) };
    case "await_listen":
      return {
        op: "await_listen",
        proto: oneOf(value.proto, "proto", ["udp", "tcp"]),
        port: whole(value.port, "port", 65535),
        timeout_ms: whole(value.timeout_ms, "timeout_ms", 2 ** 31),
      };
    case "sockets":
      return {
        op: "sockets",
        ...(value.port === undefined ? {} : { port: whole(value.port, "port", 65535) }),
      };
    default:
      throw new RangeError(
        `Ask the link for something that it does: op ${
          JSON.stringify(value.op) ?? "none"
        } is unknown`,
      );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function setting(value: unknown, name: string): LinkSetting {
  if (
    !isObject(value) || typeof value.profile !== "string" || typeof value.script !== "string"
  ) {
    throw new TypeError(`Give ${name} as an object of two texts, profile and script`);
  }
  return { profile: value.profile, script: value.script };
}

function flag(value: unknown, name: string): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`Give ${name} as true or false, not ${JSON.stringify(value)}`);
  }
  return value === true;
}

function oneOf<T extends string>(value: unknown, name: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new RangeError(
      `Give ${name} as ${choices.join(" or ")}, not ${JSON.stringify(value) ?? "none"}`,
    );
  }
  return found;
}

function whole(value: unknown, name: string, most: number): number {
  if (typeof value !== "number" || !(value >= 0 && value <= most)) {
    throw new RangeError(
      `Give ${name} as a number from 0 to ${most}, not ${JSON.stringify(value) ?? "none"}`,
    );
  }
  return value;
}
