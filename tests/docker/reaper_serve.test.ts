/** The reaper's server in this process, over an engine that is made up: what it promises, and when it acts. */
import { afterEach, expect, test } from "vitest";
import type { Filter } from "../../images/reaper/filter.ts";
import { type ReaperOptions, serve } from "../../images/reaper/reaper.ts";

const opened: Deno.Conn[] = [];
afterEach(() => {
  for (const connection of opened.splice(0)) {
    try {
      connection.close();
    } catch {
      // The reaper did.
    }
  }
});

/** Starts a reaper; `asked` gathers what it is to remove. */
function start(options: Partial<ReaperOptions> = {}, signal?: AbortSignal) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: Filter[] = [];
  const done = serve(listener, {
    connectionMs: 60_000,
    reconnectionMs: 50,
    retryMs: 1,
    remove(filter) {
      asked.push(filter);
      return Promise.resolve({ removed: [], failed: [] });
    },
    ...options,
  }, signal);
  return { port: (listener.addr as Deno.NetAddr).port, asked, done };
}

/** Connects, announces filters, and waits for the promise that each will be kept. */
async function announce(port: number, ...lines: string[]): Promise<Deno.Conn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  opened.push(connection);
  for (const line of lines) {
    await connection.write(new TextEncoder().encode(`${line}\r\n`));
    expect(await read(connection)).toBe("ACK\n");
  }
  return connection;
}

async function read(connection: Deno.Conn): Promise<string | null> {
  const buffer = new Uint8Array(100);
  const length = await connection.read(buffer);
  return length === null ? null : new TextDecoder().decode(buffer.subarray(0, length));
}

test("serve() removes what each client announced, once, when the last has gone", async () => {
  const { port, asked, done } = start();
  const first = await announce(port, "label=s=1", "label=p=2", "label=s=1");
  const second = await announce(port, "label=s=1");
  first.close();
  // The second is served all the same, and after longer than a reconnection may take.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked).toEqual([]);
  second.close();
  expect(await done).toBe(true);
  expect(asked).toEqual([{ label: ["s=1"] }, { label: ["p=2"] }]);
});

test("serve() goes on where a client comes back in time", async () => {
  const { port, asked, done } = start({ reconnectionMs: 10_000 });
  (await announce(port, "label=s=1")).close();
  await announce(port, "label=s=2");
  expect(asked).toEqual([]);
  expect(await Promise.race([done, Promise.resolve("serves")])).toBe("serves");
  const ending = new AbortController();
  const other = start({ reconnectionMs: 10_000 }, ending.signal);
  await announce(other.port, "label=s=3");
  ending.abort();
  // Told to end, it removes at once, though a client is there.
  expect(await other.done).toBe(true);
  expect(other.asked).toEqual([{ label: ["s=3"] }]);
});

test("serve() ends, and removes nothing, where nobody connects", async () => {
  const told: string[] = [];
  const { asked, done } = start({ connectionMs: 20, onNotice: (line) => told.push(line) });
  expect(await done).toBe(true);
  expect({ asked, told }).toEqual({ asked: [], told: ["Nobody connected within 20 ms"] });
});

test("serve() promises nothing for a line that is no filter, and serves on", async () => {
  const { port, asked, done } = start();
  const connection = await announce(port);
  // In pieces, too.
  for (const piece of ["\r\nlabel", "=\r\nlab", "el=s=1\r", "\n"]) {
    await connection.write(new TextEncoder().encode(piece));
  }
  expect(await read(connection)).toBe("ACK\n");
  connection.close();
  await done;
  expect(asked).toEqual([{ label: ["s=1"] }]);
});

test("serve() hangs up on a line without an end", async () => {
  const { port, done } = start();
  const connection = await announce(port);
  const bytes = new Uint8Array(256 * 1024).fill(65);
  const sent = (async () => {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  })().catch(() => {});
  await expect(read(connection).catch(() => null)).resolves.toBeNull();
  await sent;
  expect(await done).toBe(true);
});

test("serve() tries again what could not be removed, and says so where it never could", async () => {
  let tries = 0;
  const network = "network 1: it has active endpoints";
  const healing = start({
    remove() {
      if (++tries === 1) return Promise.reject(new Error("connection refused"));
      if (tries === 2) return Promise.resolve({ removed: ["container 1"], failed: [network] });
      return Promise.resolve({ removed: [], failed: [] });
    },
  });
  (await announce(healing.port, "label=s=1")).close();
  expect(await healing.done).toBe(true);
  expect(tries).toBe(3);

  const told: string[] = [];
  const hopeless = start({
    remove: () => Promise.resolve({ removed: [], failed: [network] }),
    onNotice: (line) => told.push(line),
  });
  (await announce(hopeless.port, "label=s=1")).close();
  expect(await hopeless.done).toBe(false);
  expect(told).toEqual([`Not removed: ${network}`]);
});
