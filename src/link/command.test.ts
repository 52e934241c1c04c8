import { expect, test } from "vitest";
import { linkCommand } from "./command.ts";
import { type LinkOptions, readOptions } from "./options.ts";

const plain = { device: "eth1", driver: "tun" } as const;

test.each<LinkOptions>([
  { ...plain, socket: "/run/a b.sock", ownerStdin: true },
  { ...plain, socket: "/run/a b.sock", ownerStdin: false },
  { ...plain, ownerStdin: true, muxStdio: true },
  { ...plain, socket: "/x", socketGroup: 0, ownerStdin: false, readyMarker: true },
])("linkCommand() is read back by readOptions(): %o", (options) => {
  const argv = linkCommand("/opt/deno", options);
  const program = argv.findIndex((word) => word.endsWith("/src/link/main.ts"));
  expect(argv[0]).toBe("/opt/deno");
  expect(readOptions(argv.slice(program + 1))).toEqual({
    muxStdio: false,
    readyMarker: false,
    ...options,
  });
});
