import { expect, test } from "vitest";
import { readDates } from "./date_text.ts";

/** 04:31:00 UTC. In Kolkata, 5 h 30 min ahead all year round, it is 10:01:00. */
const MOMENT = Date.UTC(2026, 10, 21, 4, 31, 0);
const KOLKATA = "Asia/Kolkata";

test.each([
  // RFC 3339 and ISO 8601
  "2026-11-21T04:31:00Z",
  "2026-11-21t04:31:00z".toUpperCase(),
  "2026-11-21T10:01:00+05:30",
  "2026-11-21T10:01:00+0530",
  "2026-11-20T23:31:00-05",
  "2026-11-21 04:31:00.123456789+00:00",
  "2026-11-21 04:31:00,5 UTC",
  "2026-11-21T10:01:00.123+05:30[Asia/Kolkata]",
  "20261121T043100Z",
  // date, with and without a locale
  "Sat Nov 21 04:31:00 UTC 2026",
  "Sat Nov 21 10:01:00 IST 2026",
  "Sat Nov 21 10:01:00 AM IST 2026",
  "Sat 21 Nov 2026 04:31:00 AM UTC",
  "Sat Nov 21 10:01:00 +0530 2026",
  "Fri Nov 20 11:31:00 PM EST 2026",
  // RFC 5322, RFC 9110, RFC 850
  "Sat, 21 Nov 2026 10:01:00 +0530",
  "Sat, 21 Nov 2026 04:31:00 GMT",
  "Fri, 20 Nov 2026 23:31:00 EST",
  "Saturday, 21-Nov-26 04:31:00 GMT",
  // JavaScript
  "Sat Nov 21 2026 10:01:00 GMT+0530 (India Standard Time)",
  "November 21, 2026 at 10:01:00\u202fAM GMT+5:30",
  // Time first, words around
  "04:31:00 UTC, 21 November 2026",
  "10:01:00 2026-11-21 +05:30",
  "It is 2026-11-21T04:31:00Z, sir.",
  // Since 1970
  "1795235460",
  "1795235460.25",
  "1795235460123",
  "It is 1795235460 now",
])("readDates() reads %j as the moment that it names", (text) => {
  expect(readDates(text, KOLKATA)).toContainEqual({ time: MOMENT, zoned: true });
});

test.each([
  "Sat Nov 21 10:01:00 2026",
  "2026-11-21T10:01:00",
  "2026-11-21 10:01:00.123456",
  "2026/11/21 10:01:00",
  "Sat Nov 21 2026 10:01:00",
  "11/21/2026, 10:01:00 AM",
  "11/21/2026, 10:01:00\u202fAM",
  "21/11/2026 10:01:00",
  "21.11.2026, 10:01:00",
  "11/21/26 10:01:00",
  "Date: November 21st, 2026, 10:01:00",
  "10:01:00 on 21 Nov 2026",
])("readDates() reads %j, which names no zone, in the reader's", (text) => {
  expect(readDates(text, KOLKATA)).toEqual(
    expect.arrayContaining([{ time: MOMENT, zoned: false }]),
  );
  const inUtc = readDates(text).map(({ time }) => time);
  expect(inUtc).toContain(Date.UTC(2026, 10, 21, 10, 1, 0));
});

test("readDates() pads and leaves out zeros as ctime and others do", () => {
  const time = Date.UTC(2026, 0, 2, 3, 4, 5);
  for (const text of ["Fri Jan  2 03:04:05 2026", "2 Jan 2026 3:04:05", "2026-1-2 3:04:05"]) {
    expect(readDates(text)).toEqual([{ time, zoned: false }]);
  }
});

test("readDates() tells noon from midnight", () => {
  const at = (text: string) => readDates(text).map(({ time }) => new Date(time).getUTCHours());
  expect(at("11/21/2026, 12:30:00 AM")).toEqual([0]);
  expect(at("11/21/2026, 12:30:00 PM")).toEqual([12]);
  expect(at("11/21/2026, 11:30:00 p.m.")).toEqual([23]);
  expect(at("11/21/2026, 13:30:00 PM")).toEqual([]);
});

test("readDates() has two readings where day and month may be either, and one where not", () => {
  const dates = (text: string) => readDates(text).map(({ time }) => new Date(time).toJSON());
  expect(dates("03/04/2026 05:06:07").sort()).toEqual([
    "2026-03-04T05:06:07.000Z",
    "2026-04-03T05:06:07.000Z",
  ]);
  expect(dates("04/04/2026 05:06:07")).toEqual(["2026-04-04T05:06:07.000Z"]);
  expect(dates("13/04/2026 05:06:07")).toEqual(["2026-04-13T05:06:07.000Z"]);
});

test.each([
  "",
  "no idea",
  "What time is it?",
  "2026-11-21",
  "04:31:00",
  "2026-11-21 04:31",
  "2026-13-21 04:31:00",
  "2026-02-30 04:31:00",
  "2026-11-21 25:31:00",
  "123456",
  "10.77.0.2:6015",
])("readDates() finds no date and time in %j", (text) => {
  expect(readDates(text)).toEqual([]);
});
