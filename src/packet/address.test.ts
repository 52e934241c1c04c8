import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeBase64,
  encodeBase64,
  formatAddress4,
  formatAddress6,
  joinPort,
  parseAddress,
  splitPort,
} from "./mod.ts";

test("formatAddress6() writes addresses as RFC 5952 asks", () => {
  const canonical = (text: string) => formatAddress6(parseAddress(text), 0);
  expect(canonical("2001:0db8:0:0:0:0:2:1")).toBe("2001:db8::2:1");
  expect(canonical("2001:db8:0:1:1:1:1:1")).toBe("2001:db8:0:1:1:1:1:1");
  expect(canonical("2001:0:0:1:0:0:0:1")).toBe("2001:0:0:1::1");
  expect(canonical("2001:db8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1");
  expect(canonical("::")).toBe("::");
  expect(canonical("FE80::A")).toBe("fe80::a");
  expect(canonical("::ffff:10.0.0.1")).toBe("::ffff:a00:1");
});

test("parseAddress() reads what formatAddress4() and formatAddress6() wrote", () => {
  const words = fc.array(fc.oneof(fc.constant(0), fc.nat(65535)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(words, (groups) => {
      const bytes = Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
      expect(parseAddress(formatAddress6(bytes, 0))).toEqual(bytes);
      expect(parseAddress(formatAddress4(bytes, 3))).toEqual(bytes.slice(3, 7));
    }),
    { seed: 6, numRuns: 500 },
  );
});

test("parseAddress() refuses what is no address", () => {
  const wrong = [
    "",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.01",
    "1.2.3.4.5",
    "server",
    ":",
    ":::",
    "1::2::3",
  ];
  for (const text of [...wrong, "1:2:3:4:5:6:7", "1:2:3:4:5:6:7::8", "12345::", "::1.2.3"]) {
    expect(() => parseAddress(text), text).toThrow(`Give an IPv4 or IPv6 address, not '${text}'`);
  }
});

test("splitPort() takes apart what joinPort() made", () => {
  for (const address of ["10.0.0.1", "fd00::1"]) {
    expect(splitPort(joinPort(address, 12000))).toEqual({ address, port: 12000 });
    expect(splitPort(address)).toEqual({ address, port: null });
  }
  expect(joinPort("fd00::1", 7)).toBe("[fd00::1]:7");
});

test("encodeBase64() writes what btoa() does, decodeBase64() reads it back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(btoa(String.fromCharCode(...bytes)));
      expect(decodeBase64(text)).toEqual(bytes);
    }),
    { seed: 7, numRuns: 500 },
  );
  expect(encodeBase64(Uint8Array.of(0, 1, 2, 3), 1, 3)).toBe("AQI=");
  expect(() => decodeBase64("AB!=")).toThrow("Not base64: '!' at column 3");
  expect(() => decodeBase64("ABC")).toThrow("Not base64: 3 characters");
});
