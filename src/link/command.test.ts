import { expect, test } from "vitest";
import { linkCommand } from "./command.ts";
import { readOptions } from "./options.ts";

test.each([true, false])(
  "linkCommand() is read back by readOptions(), ownerStdin %s",
  (ownerStdin) => {
    const options = { device: "eth1", socket: "/run/a b.sock", driver: "tun", ownerStdin } as const;
    const argv = linkCommand("/opt/deno", options);
    const program = argv.findIndex((word) => word.endsWith("/src/link/main.ts"));
    expect(argv[0]).toBe("/opt/deno");
    expect(readOptions(argv.slice(program + 1))).toEqual(options);
  },
);
