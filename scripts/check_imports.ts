/** Holds imports to the rules of `import_rules.ts`: `deno run -A scripts/check_imports.ts`. */
import { importProblems } from "./import_rules.ts";
import { dirname, fromFileUrl } from "./paths.ts";
import { reportProblems, sourceFiles } from "./source_files.ts";

const root = dirname(dirname(fromFileUrl(import.meta.url)));
const paths = sourceFiles(root).filter((path) => /\.m?tsx?$/.test(path));
reportProblems(
  paths.flatMap((path) => importProblems(path, Deno.readTextFileSync(`${root}/${path}`))),
  `the imports of ${paths.length} files`,
);
