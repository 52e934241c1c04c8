/** `lab completion`: a completion script for the shell. */
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "completion",
  summary: "Print a completion script for the shell",
  positionals: [{ name: "SHELL", help: "For which shell", choices: ["bash"] }],
  options: {},
  examples: [{ line: "source <(./lab completion bash)", help: "Complete in this shell" }],
  async run({ output }) {
    const { bashCompletion } = await import("./bash_completion.ts");
    const { loadAllVerbs } = await import("./verbs.ts");
    const { verbs } = await loadAllVerbs();
    output.out(bashCompletion(verbs));
    return 0;
  },
});
