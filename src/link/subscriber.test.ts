import { expect, test } from "vitest";
import { Subscriber } from "./subscriber.ts";

/** A connection whose writes settle when the test says so. */
class Conn {
  readonly written: number[] = [];
  writes = 0;
  closed = false;
  #waiting: (() => void)[] = [];
  #credit: number;

  /** @param credit Writes that settle at once. */
  constructor(credit = Infinity) {
    this.#credit = credit;
  }
  async write(bytes: Uint8Array): Promise<number> {
    this.writes++;
    if (this.#credit-- <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.closed) throw new Deno.errors.BadResource("closed");
    // Never all at once, as a socket does.
    const count = Math.min(bytes.length, 1024 * 1024);
    for (let i = 0; i < count; i++) this.written.push(bytes[i]!);
    return count;
  }
  /** Lets what waits, and `more` writes after it, settle. */
  release(more: number): void {
    this.#credit = more;
    this.#waiting.splice(0).forEach((resolve) => resolve());
  }
  close(): void {
    if (this.closed) throw new Deno.errors.BadResource("closed twice");
    this.closed = true;
    this.release(Infinity);
  }
}

const mebibyte = new Uint8Array(1024 * 1024).fill(1);

test("Subscriber.send() keeps order and gathers what comes in one burst into one write", async () => {
  const conn = new Conn(), one = new Subscriber(conn);
  for (let i = 0; i < 100; i++) one.send(Uint8Array.of(i));
  await one.flush();
  expect(conn.written).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(conn.writes).toBe(1);
});

test("Subscriber.send() during a write is written after it", async () => {
  const conn = new Conn(0), one = new Subscriber(conn);
  one.send(Uint8Array.of(1, 2));
  await Promise.resolve();
  await Promise.resolve();
  one.send(Uint8Array.of(3));
  one.send(Uint8Array.of(4));
  conn.release(Infinity);
  await one.flush();
  expect(conn.written).toEqual([1, 2, 3, 4]);
});

test("Subscriber.keepUp() settles at once while little waits, though the reader reads nothing", async () => {
  const conn = new Conn(0), one = new Subscriber(conn);
  one.send(mebibyte);
  await one.keepUp();
  expect(conn.closed).toBe(false);
  one.close();
});

test("Subscriber.keepUp() waits for a reader that is slow, and does not cut it off", async () => {
  const conn = new Conn(0), one = new Subscriber(conn, { patience: 50 });
  for (let i = 0; i < 8; i++) one.send(mebibyte);
  let caughtUp = false;
  const kept = one.keepUp().then(() => caughtUp = true);
  // It reads something in each stretch of patience, and takes longer than one stretch in all.
  const reading = setInterval(() => conn.release(1), 15);
  await kept;
  clearInterval(reading);
  expect(caughtUp).toBe(true);
  expect(conn.closed).toBe(false);
  expect(conn.written.length).toBe(8 * mebibyte.length);
});

test("Subscriber.keepUp() cuts off a reader that reads nothing, and later sends go nowhere", async () => {
  const conn = new Conn(0), one = new Subscriber(conn, { patience: 20 });
  for (let i = 0; i < 5; i++) one.send(mebibyte);
  await one.keepUp();
  await one.gone;
  expect(conn.closed).toBe(true);
  const writes = conn.writes;
  one.send(mebibyte);
  await one.flush();
  expect(conn.writes).toBe(writes);
});

test("Subscriber.flush() does not wait forever for a reader that reads nothing", async () => {
  const conn = new Conn(0), one = new Subscriber(conn, { patience: 20 });
  one.send(Uint8Array.of(1));
  await one.flush();
  expect(conn.closed).toBe(true);
});

test("a reader that leaves settles gone, and neither keepUp() nor flush() waits for it", async () => {
  const conn = new Conn(0), one = new Subscriber(conn);
  for (let i = 0; i < 5; i++) one.send(mebibyte);
  const waiting = [one.keepUp(), one.flush()];
  one.close();
  one.close();
  await Promise.all([...waiting, one.gone, one.keepUp(), one.flush()]);
  expect(conn.closed).toBe(true);
});

test("a write that fails ends the subscription", async () => {
  const conn = {
    closed: 0,
    write: () => Promise.reject(new Deno.errors.BrokenPipe()),
    close() {
      this.closed++;
    },
  };
  const one = new Subscriber(conn);
  one.send(Uint8Array.of(1));
  await one.gone;
  expect(conn.closed).toBe(1);
});
