/** What the tests counted, and the line that closes `lab test`. Pure. */

/** Tests and gates by outcome. */
export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Vitest's JSON report, as far as it is read here. */
interface Report {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/**
 * Returns what Vitest's JSON report counts, and the names of the tests it skipped. A file that
 * failed as a whole counts as one failed test; so does a run without a report, or one that ended
 * with a status its report does not explain (an error outside of every test).
 */
export function countReport(json: string | null, status: number): Count & { skips: string[] } {
  const count = { passed: 0, failed: 0, skipped: 0, skips: [] as string[] };
  let report: Report | null = null;
  try {
    report = json === null ? null : JSON.parse(json) as Report;
  } catch {
    // Cut short: the run ended while writing it.
  }
  for (const file of report?.testResults ?? []) {
    const before = count.failed;
    for (const test of file.assertionResults) {
      if (test.status === "passed") count.passed++;
      else if (test.status === "failed") count.failed++;
      else {
        count.skipped++;
        count.skips.push(test.fullName);
      }
    }
    if (file.status === "failed" && count.failed === before) count.failed++;
  }
  if (report === null || (status !== 0 && count.failed === 0)) count.failed++;
  return count;
}

/** Returns the sum of two counts. */
export function addCounts(a: Count, b: Count): Count {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** Returns the closing line: `12 passed, 0 failed`, and what was skipped if anything was. */
export function closingLine({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
