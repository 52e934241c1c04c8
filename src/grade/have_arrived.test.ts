import { expect, test } from "vitest";
import { allArrived } from "./have_arrived.ts";

const SERVER = "10.77.0.2:6015", CLIENT = "10.77.0.3:40001";
const ESTABLISHED = 1, SYN_RECV = 3, FIN_WAIT1 = 4, FIN_WAIT2 = 5, CLOSE_WAIT = 8, LISTEN = 10;

const entry = (local: string, remote: string, state: number) => ({
  ...{ sent: 0, unread: 0 },
  ...{ local, remote, state },
});
/** Of one connection, by the states at its ends; null where that end has gone. */
const arrived = (there: number | null, here: number | null) =>
  allArrived(
    SERVER,
    [
      entry(SERVER, "0.0.0.0:0", LISTEN),
      ...(there === null ? [] : [entry(SERVER, CLIENT, there)]),
    ],
    here === null ? [] : [entry(CLIENT, SERVER, here)],
  );

test("allArrived() is true where both sides know the same of a connection, or the server more", () => {
  expect(arrived(ESTABLISHED, ESTABLISHED)).toBe(true);
  expect(arrived(CLOSE_WAIT, FIN_WAIT2)).toBe(true);
  expect(arrived(FIN_WAIT2, CLOSE_WAIT)).toBe(true);
  expect(arrived(null, ESTABLISHED)).toBe(true);
  expect(arrived(null, null)).toBe(true);
});

test("allArrived() is false while a connection's beginning, its end or a reset is under way", () => {
  expect(arrived(SYN_RECV, ESTABLISHED)).toBe(false);
  expect(arrived(ESTABLISHED, FIN_WAIT1)).toBe(false);
  expect(arrived(ESTABLISHED, null)).toBe(false);
  expect(arrived(FIN_WAIT2, null)).toBe(false);
});

test("allArrived() looks at the server's port only", () => {
  const other = entry("10.77.0.2:6016", CLIENT, ESTABLISHED);
  expect(allArrived(SERVER, [other], [])).toBe(true);
});
