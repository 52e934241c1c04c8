/** `lab new-lab`: a new lab in this checkout. */
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "new-lab",
  summary: "Begin a new lab in this checkout",
  description:
    "Writes its folder, with programs, handout, checks and containers that work as they are,\n" +
    "and includes it in compose.yaml and compose.ipv6.yaml. What it is about is yours to write.",
  positionals: [{ name: "FOLDER", help: "Its folder: labs/, lab, a number, and a name" }],
  options: {},
  examples: [
    {
      line: "./lab new-lab labs/lab7-example",
      help: "Then: ./lab run lab7, ./lab test lab7",
    },
  ],
  async run(context) {
    const { addLab } = await import("./add_lab.ts");
    return await addLab(context);
  },
});
