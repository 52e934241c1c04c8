/** What the tests of the launcher stand on: a copy of the checkout on a machine that lacks things. */
import { afterEach, beforeEach } from "vitest";
import { copyCode } from "./copy_code.ts";

/** The checkout. */
export const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
/** The version of Deno that it wants. */
export const WANTED =
  (JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { deno: string }).deno;
/** What `./lab --version` prints with the Deno that runs the tests. */
export const VERSION = new RegExp(`^socklab \\d+\\.\\d+\\.\\d+ \\(deno ${Deno.version.deno}\\)\n$`);

/** What the launcher's own shell code calls, and nothing that could lead to Deno. */
const COMMANDS = [
  ...["sh", "cat", "chmod", "cksum", "cut", "grep", "head", "mkdir", "mv", "readlink", "rm", "sed"],
  ...["sleep", "tr", "uname", "ln", "env"],
];

/** The folder of the test. */
export let base: string;
/** A copy of the checkout in it. */
export let root: string;
/** All that PATH has. */
export let bin: string;

/** Gives each test of a file a checkout and a PATH of its own. */
export function useLauncher(): void {
  beforeEach(() => {
    base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab launcher " }));
    // Unprivileged users are to reach it.
    Deno.chmodSync(base, 0o755);
    root = `${base}/a checkout`;
    bin = `${base}/bin`;
    Deno.mkdirSync(bin);
    Deno.mkdirSync(`${root}/labs`, { recursive: true });
    for (const file of ["lab", "deno.json", "deno.lock", "labs/imports.json"]) {
      Deno.copyFileSync(`${ROOT}/${file}`, `${root}/${file}`);
    }
    copyCode(ROOT, root);
    for (const name of COMMANDS) Deno.symlinkSync(which(name), `${bin}/${name}`);
  });
  afterEach(() => Deno.removeSync(base, { recursive: true }));
}

/** Where a command of this machine is. */
export function which(name: string): string {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      Deno.statSync(`${folder}/${name}`);
      return `${folder}/${name}`;
    } catch {
      // not in this one
    }
  }
  throw new Error(`Install ${name}: it is not on PATH`);
}

/** Makes a checkout need no deno-std: that is what most tests are not about. */
export function haveStd(folder = root): void {
  const std = (/npm:deno-std@([^/"]*)/.exec(Deno.readTextFileSync(`${root}/deno.json`)) ?? [])[1];
  Deno.mkdirSync(`${folder}/node_modules/.deno/deno-std@${std}`, { recursive: true });
  Deno.mkdirSync(`${folder}/node_modules/deno-std`);
}

/** Writes a script of sh. */
export function script(path: string, text: string): void {
  Deno.writeTextFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** An npm that notes its arguments, does `before`, and lays the running Deno where npm would. */
export function fakeNpm(before = ""): void {
  script(
    `${bin}/npm`,
    `echo "$*" >>"${base}/npm.log"
${before}
for last; do :; done
while [ "$1" != --prefix ]; do shift; done
package=$2/node_modules/\${last%@*}
mkdir -p "$package" && ln -s "${Deno.execPath()}" "$package/deno"`,
  );
}

/** A Deno of another version, which only ever answers. */
export function fakeDeno(path: string, version: string): void {
  script(path, `[ "$1" = eval ] && echo "${version} $0" || { echo "ran $0"; }`);
}

/** How a command ended. */
export interface Result {
  status: number;
  out: string;
  err: string;
}

/** How a command is run. */
export interface Options {
  env?: Record<string, string>;
  cwd?: string;
  uid?: number;
}

/** Runs a command to its end, on that PATH. */
export async function run(
  command: string,
  args: string[] = ["--version"],
  options: Options = {},
): Promise<Result> {
  const { code, stdout, stderr } = await spawn(command, args, options).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, out: text(stdout), err: text(stderr) };
}

/** Starts a command. */
export function spawn(command: string, args: string[], { env, cwd = base, uid }: Options) {
  return new Deno.Command(command, {
    args,
    cwd,
    clearEnv: true,
    env: { PATH: bin, HOME: `${base}/home`, ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** What a folder holds. */
export function entries(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
