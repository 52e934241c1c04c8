import { expect, test } from "vitest";
import { clientAddress, hostsFile, MAX_CLIENTS } from "./addresses.ts";

test("clientAddress() counts up behind the server's address", () => {
  expect(clientAddress(1)).toBe("10.77.0.3");
  expect(clientAddress(MAX_CLIENTS)).toBe("10.77.0.254");
});

test("clientAddress() refuses hosts that the network has no room for", () => {
  for (const k of [0, -1, 1.5, MAX_CLIENTS + 1, NaN]) {
    expect(() => clientAddress(k)).toThrow(RangeError);
  }
});

test("hostsFile() names the server, each client, and the first client twice", () => {
  expect(hostsFile(2, "box")).toBe(
    "127.0.0.1\tlocalhost box\n10.77.0.2\tserver\n10.77.0.3\tclient1 client\n10.77.0.4\tclient2\n",
  );
});

test("hostsFile() names localhost once on a machine called localhost", () => {
  expect(hostsFile(0, "localhost")).toBe("127.0.0.1\tlocalhost\n10.77.0.2\tserver\n");
});
