import { expect, test } from "vitest";
import { addressBeside } from "./inside_testbed.ts";
import { linkFailure } from "./reach.ts";

const interfaces = [
  { name: "lo", family: "IPv4", address: "127.0.0.1" },
  { name: "eth0", family: "IPv4", address: "172.18.0.3" },
  { name: "eth0", family: "IPv6", address: "fe80::42" },
  { name: "eth0", family: "IPv6", address: "fd00::3" },
] as const;

test("addressBeside() finds our address of the server's family", () => {
  expect(addressBeside("172.18.0.2", interfaces)).toBe("172.18.0.3");
  expect(addressBeside("fd00::2", interfaces)).toBe("fd00::3");
  expect(() => addressBeside("fd00::2", interfaces.slice(0, 3))).toThrow("Give the client an IPv6");
});

test("linkFailure() is the link's last line, and null where it did not fail", () => {
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(file, "A note\nUse --driver tun: no tc here\n\n");
  expect(linkFailure(file)?.words).toBe("Use --driver tun: no tc here");
  Deno.writeTextFileSync(file, "");
  expect(linkFailure(file)?.words).toMatch(/without a word/);
  Deno.removeSync(file);
  expect(linkFailure(file)).toBeNull();
});
