/** What `lab new-lab` does: a lab's folder from the template in `scripts/new_lab`, and the lines that include it. */
import { discoverLabs, includeLab, newLab, newLabName } from "../src/lab/mod.ts";
import { filesOf } from "./files_of.ts";
import { Interrupt } from "./interrupt.ts";
import { type Context, UsageError } from "./verb.ts";
import { writeFolder } from "./write_folder.ts";

/** The checkout's compose files. */
const COMPOSE = ["compose.yaml", "compose.ipv6.yaml"];

/** Makes the lab; returns the exit status. */
export async function addLab({ root, positionals, output }: Context): Promise<number> {
  const [argument = ""] = positionals;
  const name = newLabName(argument);
  if (name === null) {
    throw new UsageError(
      `Write FOLDER as labs/lab7-example: a number from 1, words in lower case; not '${argument}'`,
    );
  }
  const labs = discoverLabs(root);
  const taken = labs.find(({ manifest }) => manifest.id === name.id);
  if (taken) {
    const last = Number(labs.at(-1)!.manifest.id.slice(3));
    const folder = taken.folder.slice(root.length + 1);
    throw new UsageError(`Take another number, such as ${last + 1}: ${name.id} is ${folder}`);
  }
  const folder = `${root}/labs/${name.folder}`;
  using interrupt = new Interrupt();
  try {
    await writeFolder(folder, newLab(filesOf(`${root}/scripts/new_lab`), name), interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    throw error;
  }
  // At once, so that nothing comes between them.
  for (const file of COMPOSE) {
    const path = `${root}/${file}`;
    Deno.writeTextFileSync(`${path}.part`, includeLab(Deno.readTextFileSync(path), name));
    Deno.renameSync(`${path}.part`, path);
  }
  output.out([
    `labs/${name.folder} is there, and in ${COMPOSE.join(" and ")}`,
    `Next: ./lab run ${name.id}, ./lab check ${name.id} labs/${name.folder}/solution, ./lab test ${name.folder}`,
    "What belongs into each of its files: docs/contributing.md, Adding a lab",
    "",
  ].join("\n"));
  return 0;
}
