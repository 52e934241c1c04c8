/** Holds texts to the rules of `doc_rules.ts`: `deno run -A scripts/check_docs.ts`. */
import { linkProblems, type ModuleDoc, nameProblems, symbolProblems } from "./doc_rules.ts";
import { dirname, fromFileUrl } from "./paths.ts";
import { type Problem, reportProblems, sourceFiles } from "./source_files.ts";

const root = dirname(dirname(fromFileUrl(import.meta.url)));
const paths = sourceFiles(root);
const problems: Problem[] = [];

for (const path of paths) {
  if (!/\.(?:m?ts|md|json|jsonc|ya?ml|sh|txt|html|css)$|(?:^|\/)[^.]+$|^\.ci\//.test(path)) {
    continue;
  }
  const text = Deno.readTextFileSync(`${root}/${path}`);
  problems.push(...nameProblems(path, text));
  if (path.endsWith(".md")) problems.push(...linkProblems(path, text, read));
}

const doors = paths.filter((path) => /^src\/[^/]+\/mod\.ts$/.test(path));
for (const path of doors) {
  if (!Deno.readTextFileSync(`${root}/${path}`).startsWith("/**")) {
    problems.push({ path, line: 1, message: "Begin with a module comment: what the room is for" });
  }
}
if (doors.length > 0) {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...doors],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).outputSync();
  if (!success) throw new Error(`Look at deno doc: ${new TextDecoder().decode(stderr)}`);
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Record<string, ModuleDoc>;
  };
  for (const door of Object.values(nodes)) problems.push(...symbolProblems(door, root));
}

reportProblems(problems, `the texts of ${paths.length} files and ${doors.length} doors`);

function read(path: string): string | undefined {
  try {
    return Deno.statSync(`${root}/${path}`).isDirectory ? "" : Deno.readTextFileSync(
      `${root}/${path}`,
    );
  } catch {
    return undefined;
  }
}
