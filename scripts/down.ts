/** `lab down`: ends a lab that is up. */
import { exists } from "./paths.ts";
import { defineVerb, MachineError } from "./verb.ts";

export const verb = defineVerb({
  name: "down",
  summary: "End a lab that is up",
  positionals: [{ name: "LAB", help: "The lab, such as lab3", completes: "lab" }],
  options: {},
  examples: [{ line: "./lab down lab3", help: "Nothing of it is left running" }],
  async run({ positionals, output, root }) {
    const { findUp } = await import("./find_up.ts");
    const { findLab } = await import("../src/lab/mod.ts");
    const { manifest: { id } } = findLab(root, positionals[0]!);
    const state = findUp(id);
    if (state === null) {
      output.out(`${id} is not up\n`);
      return 0;
    }
    const { pid } = state.record.owner;
    Deno.kill(pid, "SIGTERM");
    const deadline = performance.now() + 10_000;
    while (exists(state.path)) {
      if (performance.now() > deadline) {
        throw new MachineError(`End it by hand with kill -9 ${pid}: ${id} did not end within 10 s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    output.out(`${id} is down\n`);
    return 0;
  },
});
