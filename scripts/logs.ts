/** `lab logs`: what happened in a lab that is up. */
import { exists } from "./paths.ts";
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "logs",
  summary: "Show what the server of a lab that is up printed, and what became of its packets",
  positionals: [{ name: "LAB", help: "The lab, such as lab3", completes: "lab" }],
  options: {
    follow: { type: "boolean", short: "f", help: "Go on until Ctrl-C, or until the lab is down" },
  },
  examples: [{
    line: "./lab logs lab3 -f",
    help: "Watch while ./lab run lab3 sends from another terminal",
  }],
  async run({ values, positionals, output, root }) {
    const { requireUp } = await import("./find_up.ts");
    const { Interrupt } = await import("./interrupt.ts");
    const { state } = requireUp(root, positionals[0]!);
    using interrupt = new Interrupt();
    using file = Deno.openSync(`${state.path}/lab.log`);
    const buffer = new Uint8Array(65536);
    for (;;) {
      const count = file.readSync(buffer);
      if (count !== null && count > 0) {
        output.out(buffer.slice(0, count));
        continue;
      }
      if (!values.follow || interrupt.signal.aborted || !exists(`${state.path}/lab.log`)) return 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
});
