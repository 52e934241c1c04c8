import { expect, test } from "vitest";
import { parseSwarmResult } from "./swarm_result.ts";

const result = {
  clients: 100,
  requests: 2000,
  answers: 2000,
  seconds: 1.93,
  p50_ms: 41.2,
  p99_ms: 60.5,
  next_ms: null,
  refused: 0,
};

test("parseSwarmResult() reads a swarm's last line", () => {
  expect(parseSwarmResult(JSON.stringify(result))).toEqual(result);
});

test.each([
  "",
  "100 clients",
  "{",
  "{}",
  JSON.stringify({ ...result, answers: "2000" }),
  JSON.stringify({ ...result, refused: null }),
  JSON.stringify({ ...result, p50_ms: undefined }),
  JSON.stringify({ ...result, seconds: -1 }),
])("parseSwarmResult() takes '%s' for no swarm's", (line) => {
  expect(parseSwarmResult(line)).toBeNull();
});
