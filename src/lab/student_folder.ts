/** What `./lab new` puts into a student's own folder. Pure. */
import { studentHandout } from "./handout.ts";

/** A file to write. */
export interface NewFile {
  /** Path in the folder, such as `.vscode/settings.json`. */
  path: string;
  text: string;
  executable?: boolean;
}

/** What a student's folder is made of. */
export interface StudentSource {
  /** The lab's id: `lab3`. */
  id: string;
  /** The lab's folder in the checkout: `labs/lab3-udp-uppercase`. */
  labFolder: string;
  /** The checkout: an absolute path without a slash at its end. */
  checkout: string;
  /** The text of the lab's `README.md`. */
  handout: string;
  /** The files of the lab's `starter/`, by their paths in it. */
  starter: readonly NewFile[];
  /** Where the modules that programs import lie: each name's file, as a URL. They run where nothing can be fetched. */
  imports: Readonly<Record<string, string>>;
  /** What the checkout's `deno.json` has for `lib`: what programs are checked against. */
  lib: readonly string[];
  /** The text of `types/std.d.ts`. */
  stdTypes: string;
}

/**
 * Returns the files of a student's folder: handout, starter, a `deno.json` with tasks, a `lab` that
 * calls the checkout's, and settings for the editor. Nothing of the solution is among them.
 */
export function studentFolder(source: StudentSource): NewFile[] {
  const { checkout } = source;
  return [
    { path: "README.md", text: studentHandout(source.handout, source) },
    ...source.starter.filter(({ path }) => !/(?:^|\/)\.|\.test\.[a-z]+$/.test(path)),
    { path: "deno.json", text: json(config(source)) },
    { path: "imports.json", text: json({ imports: source.imports }) },
    { path: "lab", text: wrapper(checkout), executable: true },
    { path: "types/std.d.ts", text: source.stdTypes },
    {
      path: ".vscode/settings.json",
      text: json({
        "deno.enable": true,
        "deno.lint": true,
        "[typescript]": { "editor.defaultFormatter": "denoland.vscode-deno" },
      }),
    },
    {
      path: ".vscode/extensions.json",
      text: json({ recommendations: ["denoland.vscode-deno"] }),
    },
  ];
}

/**
 * The folder's `deno.json`. What runs programs leaves it alone as long as it maps nothing but `@std`, and takes the
 * checkout's own map. The map that goes with this is for the editor, and for who runs a program by hand; it is a file of its
 * own, since `deno task` would look up what stands here.
 */
function config({ id, lib }: StudentSource) {
  return {
    tasks: {
      run: {
        description: "Run your server and your client",
        command: `./lab run ${id} --server . --client .`,
      },
      check: { description: "See what they do right", command: `./lab check ${id} .` },
    },
    importMap: "./imports.json",
    unstable: ["net"],
    compilerOptions: { lib, types: ["./types/std.d.ts"] },
    fmt: { lineWidth: 100 },
    lock: false,
  };
}

/** A script that calls the checkout's `lab`, with what runs leave kept beside the student's programs. */
function wrapper(checkout: string): string {
  return `#!/bin/sh
# Calls the lab command of the Socklab checkout. If that lies elsewhere on your machine, write its path
# here, or set SOCKLAB.
checkout=${quote(checkout)}
checkout=\${SOCKLAB:-$checkout}

here=$(cd "$(dirname "$0")" && pwd) || exit 3
if [ ! -x "$checkout/lab" ]; then
  echo "lab: Set SOCKLAB to the checkout of Socklab: there is none at $checkout" >&2
  exit 2
fi
# What a run leaves comes here, and this is the command that repeats it.
LAB_OUT=\${LAB_OUT:-$here/out}
LAB_COMMAND=$0
[ "$here" = "$(pwd)" ] && LAB_COMMAND=./\${0##*/}
export LAB_OUT LAB_COMMAND
exec "$checkout/lab" "$@"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
