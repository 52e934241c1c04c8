import { expect, test } from "vitest";
import { fileContent } from "./memory.ts";

/** A mapping as the kernel describes it, shortened. */
const mapping = (first: string, anonymous: number) =>
  `${first}\nSize:              28216 kB\nRss:               11308 kB\nAnonymous:         ${
    String(anonymous).padStart(5)
  } kB\nVmFlags: rd mr mw me\n`;

test("fileContent() finds what is mapped from a file, read-only and unchanged, and nothing else", () => {
  const smaps = [
    mapping("55d5041f7000-55d505d85000 r--p 00000000 fe:00 2146357                /opt/deno", 0),
    mapping("55d505ffb000-55d509cef000 r-xp 01b8e000 fe:00 2146357                /opt/deno", 0),
    mapping("55d509cef000-55d509f61000 r--p 05881000 fe:00 2146357                /opt/deno", 2504),
    mapping("55d509f61000-55d509f71000 rw-p 05881000 fe:00 2146357                /opt/deno", 0),
    mapping("55d5202a6000-55d52065b000 rw-p 00000000 00:00 0                      [heap]", 3420),
    mapping(
      "7fd8e7dc0000-7fd8e7fe6000 r-xp 035cf000 fe:00 2146357                /opt/a b/deno",
      0,
    ),
    mapping("7fd8e7fe6000-7fd8e8fe6000 r-xp 00000000 00:00 0", 0),
    mapping("7fd8e8fe6000-7fd8e9fe6000 ---p 00000000 fe:00 77                     /opt/deno", 0),
    mapping("7fffe28a7000-7fffe2910000 r-xp 00000000 00:00 0                      [vdso]", 0),
  ].join("");
  expect(fileContent(smaps)).toEqual([
    { start: 0x55d5041f7000n, length: 0x1b8e000n },
    { start: 0x55d505ffb000n, length: 0x3cf4000n },
    { start: 0x7fd8e7dc0000n, length: 0x226000n },
  ]);
});

test("fileContent() of nothing is nothing", () => {
  expect(fileContent("")).toEqual([]);
});
