/** What `lab new` does: reads what a student's folder is made of, and writes it. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findLab, studentFolder } from "../src/lab/mod.ts";
import { filesOf } from "./files_of.ts";
import { Interrupt } from "./interrupt.ts";
import { importsOf } from "./paths.ts";
import { quote } from "./repeat_command.ts";
import type { Context } from "./verb.ts";
import { writeFolder } from "./write_folder.ts";

/** Returns where an import map leads, by name, as URLs. */
function filesByName(path: string): Record<string, string> {
  const { imports } = JSON.parse(Deno.readTextFileSync(path)) as {
    imports: Record<string, string>;
  };
  const at = pathToFileURL(path);
  return Object.fromEntries(
    Object.entries(imports).map(([name, file]) => [name, new URL(file, at).href]),
  );
}

/** Makes the folder; returns the exit status. */
export async function newFolder({ root, positionals, output }: Context): Promise<number> {
  const [name = "", given = ""] = positionals;
  const lab = findLab(root, name);
  const { id, title, programs: { swarm } } = lab.manifest;
  const folder = resolve(given);
  const files = studentFolder({
    id,
    labFolder: lab.folder.slice(root.length + 1),
    checkout: root,
    handout: Deno.readTextFileSync(`${lab.folder}/README.md`),
    starter: filesOf(`${lab.folder}/starter`),
    imports: filesByName(importsOf(root)),
    lib: (JSON.parse(Deno.readTextFileSync(`${root}/deno.json`)) as {
      compilerOptions: { lib: string[] };
    }).compilerOptions.lib,
    stdTypes: Deno.readTextFileSync(`${root}/types/std.d.ts`),
  });
  using interrupt = new Interrupt();
  try {
    await writeFolder(folder, files, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    throw error;
  }
  const programs = files.map(({ path }) => path)
    .filter((path) => /^\w+\.ts$/.test(path) && path !== swarm);
  output.out([
    `${folder} is ready for ${id}, ${title}`,
    "  README.md  the handout: begin with it",
    `  ${programs.join(", ")}  yours to finish`,
    ...(swarm === undefined ? [] : [`  ${swarm}  many clients at once, as it is`]),
    `Next: ${
      folder === Deno.cwd() ? "" : `cd ${quote(given)}, then `
    }./lab run ${id} --server . --client . --netem none`,
    "",
  ].join("\n"));
  return 0;
}
