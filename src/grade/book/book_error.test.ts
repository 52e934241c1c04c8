import { expect, test } from "vitest";
import { BookError, bookError, isBusy } from "./book_error.ts";

const PATH = "/out/grades.sqlite";
const sqlite = (errcode: number, message: string) => Object.assign(new Error(message), { errcode });

test.each([
  [5, "database is locked", "machine", /^Wait for whoever writes /],
  [261, "database is locked", "machine", /^Wait for whoever writes /],
  [13, "database or disk is full", "machine", /^Make room on the disk /],
  [778, "disk I/O error", "machine", /^Look at the disk /],
  [8, "attempt to write a readonly database", "file", /^Make .* writable: /],
  [11, "database disk image is malformed", "file", /^Bring a copy /],
  [26, "file is not a database", "file", /^Name another .* or move that file away: /],
  [14, "unable to open database file", "file", /^Name another /],
])("bookError() of SQLite's code %i: %s", (code, reason, fault, message) => {
  const cause = sqlite(code, reason);
  const error = bookError(PATH, cause) as BookError;
  expect(error).toBeInstanceOf(BookError);
  expect(error).toMatchObject({ fault, cause, message: expect.stringMatching(message) });
  expect(error.message).toContain(PATH);
  expect(error.message).toContain(reason);
});

test("bookError() leaves errors alone that are not the book's: faults of ours are not hidden", () => {
  const ours = new TypeError("Provided value cannot be bound");
  expect(bookError(PATH, ours)).toBe(ours);
  const told = new BookError("Name another gradebook", { fault: "file" });
  expect(bookError(PATH, told)).toBe(told);
});

test("isBusy() knows a lock in all of its forms", () => {
  const codes = [5, 6, 261, 262, 517, 1, 10, 13];
  expect(codes.filter((code) => isBusy(sqlite(code, "")))).toEqual([5, 6, 261, 262, 517]);
});
