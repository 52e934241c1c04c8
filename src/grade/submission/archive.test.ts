import { expect, test } from "vitest";
import { isArchive } from "./archive.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test.each([
  ["alice.zip", ""],
  ["ALICE.ZIP", ""],
  ["alice.tar.gz", ""],
  ["alice", "PK\x03\x04rest"],
  ["alice", "\x1f\x8b\x08"],
  ["alice", `${"name".padEnd(257, "\0")}ustar\0`],
])("isArchive(%j) where the file begins so", (name, head) => {
  expect(isArchive(name, bytes(head))).toBe(true);
});

test.each([
  ["server.ts", "PKzip is a format"],
  ["zip", ""],
  ["notes.txt", "ustar"],
])("%s is none", (name, head) => {
  expect(isArchive(name, bytes(head))).toBe(false);
});

test("a real archive is known by its bytes alone", () => {
  const { stdout } = new Deno.Command("tar", { args: ["-cf", "-", "-C", "/etc", "hostname"] })
    .outputSync();
  expect(isArchive("handed in", stdout)).toBe(true);
});
