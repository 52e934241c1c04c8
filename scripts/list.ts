/** `lab list`: the labs and what each teaches. */
import { defineVerb, type Style } from "./verb.ts";

/** What the list shows of a lab. */
export interface ListedLab {
  id: string;
  title: string;
  teaches: string;
  transport: string;
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
    const { discoverLabs } = await import("../src/lab/mod.ts");
    const labs = discoverLabs(root).map(({ folder, manifest }): ListedLab => {
      const { id, title, teaches, transport, port } = manifest;
      return { id, title, teaches, transport, port, folder: folder.slice(root.length + 1) };
    });
    output.out(
      values.json ? JSON.stringify(labs, null, 2) + "\n" : listText(labs, output.style),
    );
    return 0;
  },
});

/** Returns the labs as two lines each: what it is, what it teaches. */
export function listText(labs: readonly ListedLab[], style: Style): string {
  const width = Math.max(...labs.map(({ id }) => id.length));
  const titles = Math.max(...labs.map(({ title }) => title.length));
  return labs.map((lab) =>
    `${style.bold(lab.id.padEnd(width))}  ${lab.title.padEnd(titles)}  ` +
    `${lab.transport.toUpperCase()} port ${lab.port}\n` +
    `${" ".repeat(width)}  ${style.dim(lab.teaches)}\n`
  ).join("");
}
