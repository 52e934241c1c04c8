import { describe, expect, test } from "vitest";
import { closingLine, countReport } from "./test_count.ts";

function report(...files: { status?: string; tests: string[] }[]): string {
  return JSON.stringify({
    testResults: files.map(({ status = "passed", tests }, i) => ({
      name: `${i}.test.ts`,
      status,
      assertionResults: tests.map((outcome, j) => ({ fullName: `${i}.${j}`, status: outcome })),
    })),
  });
}

describe("countReport()", () => {
  test("counts tests by outcome; what neither passed nor failed was skipped", () => {
    const json = report(
      { tests: ["passed", "passed", "skipped"] },
      { status: "failed", tests: ["failed", "pending", "todo"] },
    );
    expect(countReport(json, 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 3,
      skips: ["0.2", "1.1", "1.2"],
    });
  });

  test("counts a file that could not be loaded as one failure", () => {
    const json = report({ tests: ["passed"] }, { status: "failed", tests: [] });
    expect(countReport(json, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  test("counts an error outside of every test", () => {
    expect(countReport(report({ tests: ["passed"] }), 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  test.each([[null, 0], [null, 139], ["", 0], ['{"testResults":[', 0]])(
    "counts a run without a whole report as one failure: %j, status %i",
    (json, status) => {
      expect(countReport(json, status)).toEqual({ passed: 0, failed: 1, skipped: 0, skips: [] });
    },
  );
});

test("closingLine() names skipped tests only where there are any", () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
  expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe("1 passed, 2 failed, 3 skipped");
});
