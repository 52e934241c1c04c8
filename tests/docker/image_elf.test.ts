import { expect, test } from "vitest";
import { elfNeeds } from "../../images/elf.ts";

test("elfNeeds() tells the loader and the libraries of a program, as ldd does", () => {
  const { loader, libraries } = elfNeeds(Deno.readFileSync(Deno.execPath()));
  expect(loader).toMatch(/^\/lib(?:64)?\/ld-linux-[\w-]+\.so\.\d$/);
  expect(libraries).toContain("libc.so.6");
  // What images are given for Deno, whose binary is not at hand when they are put together.
  const given = Deno.readTextFileSync(new URL("../../images/assemble.ts", import.meta.url));
  for (const name of libraries.filter((name) => !name.startsWith("ld-linux"))) {
    expect(given).toContain(`"${name}"`);
  }
});

test("elfNeeds() refuses what is no program", () => {
  expect(() => elfNeeds(new TextEncoder().encode("#!/bin/sh\n".repeat(10)))).toThrow(/ELF/);
});
