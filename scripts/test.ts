/** `lab test`: everything that the project is held to, on any machine. */
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "test",
  summary: "Test socklab itself on this machine",
  description: `Installs what is missing (as root on Debian: with apt-get; npm packages through
Deno), then checks format, lint, types, imports and texts, and runs every test.
Where no Docker engine answers, it starts the one installed (as root) and ends
it after the tests, however they end; then it builds the images.
With a FILTER: only the test files whose path contains it, and no checks.
The last line reads "N passed, N failed", and ", N skipped" if any were; with
CI set, a skipped test is a failure.`,
  positionals: [
    { name: "FILTER", help: "Part of a test file's path", optional: true, multiple: true },
  ],
  options: {
    soak: { type: "boolean", help: "Repeat what may fail rarely, for a long time" },
  },
  examples: [
    { line: "./lab test", help: "All of it" },
    { line: "./lab test src/netem", help: "The tests of one room" },
    { line: "./lab test --soak", help: "All of it, with long repetitions" },
  ],
  async run({ values, positionals, output, root }) {
    const { runTests } = await import("./run_tests.ts");
    return await runTests({ soak: values.soak, filters: positionals, output, root });
  },
});
