import { expect, test, vi } from "vitest";
import type { RunningProgram } from "../engine/mod.ts";
import {
  describeEarlyEnd,
  describeElsewhere,
  ProgramError,
  serve,
  type ServerPlace,
  takesFamily,
} from "./serve.ts";

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

const wanted = { proto: "udp", port: 12000, address: "10.77.0.2" } as const;
const wanted6 = { ...wanted, address: "fd00:77::2" };

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

test("describeElsewhere() names four sockets of many", () => {
  const sockets = [1, 2, 3, 4, 5].map((port) =>
    ({ proto: "udp", address: "0.0.0.0", port }) as const
  );
  const line = describeElsewhere({ listening: false, sockets }, wanted, 10_000);
  expect(line).toMatch(/udp 0\.0\.0\.0 port 4 and others$/);
});

test("describeElsewhere() says how long it waited where nothing listens", () => {
  expect(describeElsewhere({ listening: false, sockets: [] }, wanted, 10_000)).toBe(
    "Listen on udp port 12000: the server did not within 10 s",
  );
});

test("takesFamily() is false for a server of IPv4 alone where clients use IPv6", () => {
  const at = (...addresses: string[]) => ({
    listening: true,
    sockets: addresses.map((address) => ({ proto: "udp" as const, address, port: 12000 })),
  });
  for (const address of ["0.0.0.0", "10.77.0.2"]) {
    expect(takesFamily(at(address), wanted)).toBe(true);
    expect(takesFamily(at(address), wanted6)).toBe(false);
  }
  expect(takesFamily(at("0.0.0.0", "::1"), wanted6)).toBe(false);
  for (const address of ["::", "fd00:77::2"]) {
    expect(takesFamily(at(address), wanted6)).toBe(true);
  }
  const other = {
    listening: true,
    sockets: [{ proto: "tcp", address: "::", port: 12000 } as const],
  };
  expect(takesFamily(other, wanted6)).toBe(false);
});

test("describeElsewhere() says what a server of IPv4 alone lacks where clients use IPv6", () => {
  const sockets = [{ proto: "udp", address: "0.0.0.0", port: 12000 }] as const;
  expect(describeElsewhere({ listening: true, sockets: [...sockets] }, wanted6, 10_000)).toBe(
    "Listen on :: (every address, of IPv6 too): the server listens on 0.0.0.0 only, and clients send to fd00:77::2",
  );
});

/** A place whose server comes to listen at a look, by its number from 1; each look takes so long. */
function place(listensAt: number, lookMs: number): ServerPlace & { looks: number } {
  const program: RunningProgram = {
    pid: null,
    stdout: ReadableStream.from([]),
    stderr: ReadableStream.from([]),
    exited: new Promise(() => {}),
    kill: () => {},
    memory: () => Promise.resolve(null),
    processes: () => Promise.resolve(null),
    rests: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return {
    looks: 0,
    serverAddress: "10.77.0.2",
    startServer: () => Promise.resolve(program),
    awaitListening() {
      vi.advanceTimersByTime(lookMs);
      return Promise.resolve({ listening: ++this.looks >= listensAt, sockets: [] });
    },
  };
}

const tcp = { proto: "tcp", port: 6015, onLine: () => {} } as const;

test("serve() gives a server on a machine that stands still the looks that it has elsewhere", async () => {
  vi.useFakeTimers();
  try {
    const still = place(30, 60_000);
    await serve(still, { command: ["server"] }, tcp);
    expect(still.looks).toBe(30);
  } finally {
    vi.useRealTimers();
  }
});

test("serve() gives up on a server that does not listen within its time", async () => {
  const never = place(Infinity, 0);
  vi.useFakeTimers();
  try {
    await expect(serve(never, { command: ["server"] }, { ...tcp, timeoutMs: 2_000 }))
      .rejects.toThrow(new ProgramError("Listen on tcp port 6015: the server did not within 2 s"));
  } finally {
    vi.useRealTimers();
  }
  expect(never.looks).toBe(4);
});
