import { expect, test } from "vitest";
import { foremost, listensOn, parseListening } from "./listening.ts";

const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** A line as the kernel prints it. */
function row(local: string, remote: string, state: string): string {
  return `    0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0`;
}

const any4 = "00000000", any6 = "0".repeat(32);
const loopback6 = "00000000000000000000000001000000";
const mapped = "0000000000000000FFFF000002004D0A";
/** 2001:db8::a:2. */
const global6 = "B80D0120000000000000000002000A00";

test("parseListening() finds wildcard, loopback and interface addresses of UDP", () => {
  const text = [
    head,
    row(`${any4}:2EE0`, `${any4}:0000`, "07"),
    row("0100007F:0035", `${any4}:0000`, "07"),
    row("02004D0A:1389", `${any4}:0000`, "07"),
    "",
  ].join("\n");
  expect(parseListening(text, "udp")).toEqual([
    { proto: "udp", address: "0.0.0.0", port: 12000 },
    { proto: "udp", address: "127.0.0.1", port: 53 },
    { proto: "udp", address: "10.77.0.2", port: 5001 },
  ]);
});

test("parseListening() leaves out connected UDP sockets, which only their peer reaches", () => {
  const text = [head, row("02004D0A:C350", "03004D0A:2EE0", "01")].join("\n");
  expect(parseListening(text, "udp")).toEqual([]);
});

test("parseListening() takes of TCP only those in LISTEN", () => {
  const text = [
    head,
    row(`${any4}:C350`, `${any4}:0000`, "0A"),
    row("02004D0A:C350", "03004D0A:8001", "01"),
    row("02004D0A:C350", "03004D0A:8002", "06"),
  ].join("\n");
  expect(parseListening(text, "tcp")).toEqual([
    { proto: "tcp", address: "0.0.0.0", port: 50000 },
  ]);
});

test("parseListening() reads IPv6: wildcard, loopback, a mapped IPv4 address and a global one", () => {
  const text = [
    head,
    ...[any6, loopback6, mapped, global6].map((address) =>
      row(`${address}:1F90`, `${any6}:0000`, "0A")
    ),
  ].join("\n");
  expect(parseListening(text, "tcp").map((socket) => socket.address)).toEqual([
    "::",
    "::1",
    "10.77.0.2",
    "2001:db8::a:2",
  ]);
});

test("parseListening() finds nothing in an empty file, a heading alone and lines cut short", () => {
  for (const text of ["", head, `${head}\n   0:`, `${head}\n   0: 00000000:2EE0`]) {
    expect(parseListening(text, "tcp")).toEqual([]);
    expect(parseListening(text, "udp")).toEqual([]);
  }
});

test("listensOn() takes wildcards and the host's own address, of that protocol and port", () => {
  const wanted = { proto: "udp", port: 12000, address: "10.77.0.2" } as const;
  const at = (address: string) => [{ proto: "udp" as const, address, port: 12000 }];
  for (const address of ["0.0.0.0", "::", "10.77.0.2"]) {
    expect(listensOn(at(address), wanted)).toBe(true);
  }
  for (const address of ["127.0.0.1", "::1", "10.77.0.3", "fd00:77::2"]) {
    expect(listensOn(at(address), wanted)).toBe(false);
  }
  expect(listensOn(at("0.0.0.0"), { ...wanted, port: 12001 })).toBe(false);
  expect(listensOn(at("0.0.0.0"), { ...wanted, proto: "tcp" })).toBe(false);
  expect(listensOn([], wanted)).toBe(false);
});

test("listensOn() takes the host's IPv6 address too, where it has one", () => {
  const wanted = {
    proto: "udp",
    port: 12000,
    address: "10.77.0.2",
    address6: "fd00:77::2",
  } as const;
  const at = (address: string) => [{ proto: "udp" as const, address, port: 12000 }];
  for (const address of ["0.0.0.0", "::", "10.77.0.2", "fd00:77::2"]) {
    expect(listensOn(at(address), wanted)).toBe(true);
  }
  for (const address of ["::1", "fd00:77::3"]) expect(listensOn(at(address), wanted)).toBe(false);
});

test("foremost() tells of a hundred sockets, those of the wanted port among them", () => {
  const wanted = { proto: "udp", port: 12000 } as const;
  const others = Array.from({ length: 28_000 }, (_, i) => ({
    proto: "udp" as const,
    address: "0.0.0.0",
    port: 32_768 + i,
  }));
  const own = { ...wanted, address: "127.0.0.1" };
  expect(foremost([...others, own], wanted)).toHaveLength(100);
  expect(foremost([...others, own], wanted)[0]).toEqual(own);
  expect(foremost([...others.slice(0, 2), own], wanted)).toEqual([...others.slice(0, 2), own]);
});
