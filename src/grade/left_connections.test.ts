import { expect, test } from "vitest";
import { leftAt } from "./left_connections.ts";

const entry = (local: string, remote: string, state: number) => ({
  ...{ sent: 0, unread: 0 },
  ...{ local, remote, state },
});

test("leftAt() finds the connections that are left at one port, by the other side's address", () => {
  const found = leftAt(6015, [
    entry("10.77.0.2:6015", "10.77.0.3:40001", 6),
    entry("10.77.0.2:6015", "10.77.0.4:40001", 6),
    entry("10.77.0.2:6015", "10.77.0.3:40002", 6),
    entry("10.77.0.2:6015", "10.77.0.3:40003", 5),
    entry("10.77.0.2:16015", "10.77.0.3:40004", 6),
    entry("0.0.0.0:6015", "0.0.0.0:0", 10),
  ]);
  expect([...found]).toEqual([["10.77.0.3", [40001, 40002, 40003]], ["10.77.0.4", [40001]]]);
});
