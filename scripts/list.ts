/** `lab list`: the labs and what each teaches. */
import { defineVerb, type Style } from "./verb.ts";

/** What the list shows of a lab. */
export interface ListedLab {
  id: string;
  title: string;
  teaches: string;
  transport: string;
  /** Its programs that `--program` chooses among, its own first. */
  programs: string[];
  /** Over which protocols they talk. */
  transports: string[];
  port: number;
  /** Its folder in the checkout. */
  folder: string;
}

export const verb = defineVerb({
  name: "list",
  summary: "List the labs and what each teaches",
  positionals: [],
  options: {
    json: { type: "boolean", help: "The list as JSON" },
  },
  examples: [{ line: "./lab list", help: "Every lab with its port and its subject" }],
  async run({ values, output, root }) {
    const { discoverLabs, pairNames, withPair } = await import("../src/lab/mod.ts");
    const labs = discoverLabs(root).map((lab): ListedLab => {
      const { id, title, teaches, transport, port } = lab.manifest;
      const programs = pairNames(lab.manifest);
      const transports = programs.map((name) => withPair(lab, name).manifest.transport);
      return {
        ...{ id, title, teaches, transport, port, programs },
        transports: [...new Set(transports)],
        folder: lab.folder.slice(root.length + 1),
      };
    });
    output.out(
      values.json ? JSON.stringify(labs, null, 2) + "\n" : listText(labs, output.style),
    );
    return 0;
  },
});

/** Returns the labs as two lines each, what it is and what it teaches; a third names programs to choose among. */
export function listText(labs: readonly ListedLab[], style: Style): string {
  const width = Math.max(...labs.map(({ id }) => id.length));
  const titles = Math.max(...labs.map(({ title }) => title.length));
  return labs.map((lab) =>
    `${style.bold(lab.id.padEnd(width))}  ${lab.title.padEnd(titles)}  ` +
    `${lab.transports.join(" and ").toUpperCase().replace("AND", "and")} port ${lab.port}\n` +
    `${" ".repeat(width)}  ${style.dim(lab.teaches)}\n` +
    (lab.programs.length < 2
      ? ""
      : `${" ".repeat(width)}  ${style.dim(`programs ${lab.programs.join(", ")}`)}\n`)
  ).join("");
}
