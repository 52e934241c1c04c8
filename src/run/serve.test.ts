import { expect, test } from "vitest";
import { describeEarlyEnd, describeElsewhere } from "./serve.ts";

test("describeEarlyEnd() quotes the line that names the error", () => {
  const words = ["\x1b[1merror\x1b[0m: Uncaught SyntaxError: nope", "    at file:///x.ts:1:1"];
  expect(describeEarlyEnd({ code: 1, signal: null }, words)).toBe(
    "Let the server listen until it is stopped: it ended at once (exit status 1), saying: error: Uncaught SyntaxError: nope",
  );
});

test("describeEarlyEnd() says how a silent server ended", () => {
  expect(describeEarlyEnd({ code: 0, signal: null }, [])).toBe(
    "Let the server listen until it is stopped: it ended at once (exit status 0)",
  );
  expect(describeEarlyEnd({ code: 139, signal: "SIGSEGV" }, ["", "  "])).toContain("(SIGSEGV)");
});

const wanted = { proto: "udp", port: 12000 } as const;

test("describeElsewhere() names the address that no other host reaches", () => {
  const sockets = [{ proto: "udp", address: "127.0.0.1", port: 12000 }] as const;
  expect(describeElsewhere({ listening: false, sockets: [...sockets] }, wanted, 10_000)).toBe(
    "Listen on 0.0.0.0: the server listens on 127.0.0.1 only, where no other host reaches it",
  );
});

test("describeElsewhere() names the wrong port, and the wrong protocol", () => {
  const port = [{ proto: "udp", address: "0.0.0.0", port: 12001 }] as const;
  expect(describeElsewhere({ listening: false, sockets: [...port] }, wanted, 10_000)).toBe(
    "Listen on udp port 12000: the server listens on udp 0.0.0.0 port 12001",
  );
  const proto = [{ proto: "tcp", address: "0.0.0.0", port: 12000 }] as const;
  expect(describeElsewhere({ listening: false, sockets: [...proto] }, wanted, 10_000))
    .toContain("the server listens on tcp 0.0.0.0 port 12000");
});

test("describeElsewhere() says how long it waited where nothing listens", () => {
  expect(describeElsewhere({ listening: false, sockets: [] }, wanted, 10_000)).toBe(
    "Listen on udp port 12000: the server did not within 10 s",
  );
});
