/** `lab check`: a student's programs against a lab's checks. */
import { ambientOptions } from "./ambient_options.ts";
import { ENGINES } from "./engine_choice.ts";
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "check",
  summary: "Check your programs against a lab's checks",
  description:
    "Each check starts your program afresh and judges it by the bytes on the wire alone. What a failed check\n" +
    "tells: its steps, the bytes expected and those that came, the packets, and a hint.\n" +
    "Programs in TypeScript, JavaScript and Python go by their names; how any other is started says a\n" +
    'submission.json beside them: {"server": ["./my-server"]}\n' +
    "Exit status: 0 all points, 1 points lost, 3 something could not be judged.",
  positionals: [
    { name: "LAB", help: "The lab, such as lab3", completes: "lab" },
    {
      name: "DIR",
      help: "The folder of your programs, or one program's file (default: the current folder)",
      optional: true,
      completes: "folder",
    },
  ],
  options: {
    engine: {
      type: "string",
      placeholder: "ENGINE",
      choices: ENGINES,
      help: "Where programs run (default: LAB_ENGINE, else auto: Docker where it answers)",
    },
    only: {
      type: "string",
      placeholder: "ID",
      multiple: true,
      help: "Only this check; may be given several times",
    },
    program: {
      type: "string",
      placeholder: "NAME",
      help: "Only the checks of this program, such as server",
    },
    seed: {
      type: "string",
      placeholder: "N",
      help: "The same seed gives the same random inputs; without one, it is drawn and told",
    },
    ...ambientOptions,
    json: { type: "boolean", help: "Only the result as JSON, on standard output" },
    all: { type: "boolean", help: "Feedback of all failed checks (default: of the first three)" },
    list: { type: "boolean", help: "Only list the checks" },
  },
  examples: [
    { line: "./lab check lab3 my-lab3", help: "All checks of lab3" },
    { line: "./lab check lab3 my-lab3/server.ts", help: "Only those of the server" },
    { line: "./lab check lab3 my-lab3 --only uppercase", help: "One check again" },
    { line: "./lab check lab3 --list", help: "What will be checked" },
  ],
  async run(context) {
    const { checkLab } = await import("./check_lab.ts");
    return await checkLab(context);
  },
});
