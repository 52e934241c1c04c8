/** `lab new`: a student's own folder for a lab. */
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "new",
  summary: "Make a folder of your own for a lab",
  description:
    "It holds the handout, what you start from, and a ./lab that calls this one. It may lie\n" +
    "anywhere. A folder that has something in it is left as it is.",
  positionals: [
    { name: "LAB", help: "The lab, such as lab3", completes: "lab" },
    { name: "DIR", help: "The folder: empty, or not there yet", completes: "folder" },
  ],
  options: {},
  examples: [{ line: "./lab new lab3 ~/my-lab3", help: "Then: cd ~/my-lab3, and read README.md" }],
  async run(context) {
    const { newFolder } = await import("./new_folder.ts");
    return await newFolder(context);
  },
});
