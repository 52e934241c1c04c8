import { expect, test } from "vitest";
import { feedbackLines, recordedLines } from "./feedback.ts";
import type { CheckResult } from "./result.ts";

const failed: CheckResult = {
  id: "split-message",
  title: "A message in pieces is echoed whole",
  program: "server",
  points: 2,
  score: 0,
  verdict: "fail",
  seconds: 3.1,
  attempts: 1,
  message: "Timed out: 3 bytes came, and no more within 3 s (waited for 5 bytes)",
  expected: { length: 5, from: 0, text: "hello" },
  actual: { length: 3, from: 0, text: "hel" },
  steps: [
    { what: "the server starts and listens", passed: true },
    { what: "all five bytes come back", passed: false },
  ],
  hint: "One read may bring a part of what the other side wrote",
  evidence: {
    ladder: ["10.77.0.3:41595 ├── hel ──▶│"],
    printed: ["Server listens"],
    ended: "The server has ended (exit status 1), saying: error at /home/me/server.ts:3",
  },
};

test("feedbackLines() tells steps, bytes, packets, the program's words and the hint, in that order", () => {
  expect(feedbackLines(failed)).toEqual([
    "✗ split-message: A message in pieces is echoed whole (0 of 2 points)",
    "  ✓ the server starts and listens",
    "  ✗ all five bytes come back",
    "    Timed out: 3 bytes came, and no more within 3 s (waited for 5 bytes)",
    "      expected  hello   5 bytes",
    "      came      hel     3 bytes",
    "                   ^ byte 4",
    "    The server has ended (exit status 1), saying: error at /home/me/server.ts:3",
    "",
    "  On the wire",
    "  10.77.0.3:41595 ├── hel ──▶│",
    "",
    "  The program printed last",
    "    | Server listens",
    "",
    "  Hint: One read may bring a part of what the other side wrote",
  ]);
});

test("feedbackLines() gives no hint where the program is not to blame", () => {
  const message = "The network did not do its part: packet 1 towards the server was to be lost";
  const lines = feedbackLines({ ...failed, verdict: "inconclusive", message, evidence: null });
  expect(lines[0]).toBe("? split-message: A message in pieces is echoed whole (inconclusive)");
  expect(lines.join("\n")).not.toContain("Hint");
});

test("feedbackLines() shows no bytes where none are to be compared", () => {
  const lines = feedbackLines({ ...failed, expected: null, actual: null, evidence: null });
  expect(lines.join("\n")).not.toContain("came ");
});

test("recordedLines() leaves out what is another one in each run", () => {
  const message = "A datagram came from 10.77.0.2:41000, not from 10.77.0.2:12000";
  expect(recordedLines({ ...failed, message, expected: null, actual: null })).toEqual([
    "✓ the server starts and listens",
    "✗ all five bytes come back",
    "  A datagram came from ADDRESS, not from ADDRESS",
    "  The server has ended (exit status 1), saying: error at server.ts:3",
    "Hint: One read may bring a part of what the other side wrote",
  ]);
});

test("recordedLines() knows a date that an excerpt has cut", () => {
  const actual = { length: 65_547, from: 6, text: "v 21 20:49:50 2026] 7 gjxjh0" };
  const lines = recordedLines({ ...failed, expected: null, actual });
  expect(lines.join("\n")).toContain("…DATE] 7 gjxjh0");
});
