/** Refusing a program that cannot start, before anything is started: the words of sh would be about itself. */
import { MachineError } from "./machine_error.ts";

/**
 * Checks that a command line's executable and its working folder exist.
 *
 * @param path PATH as the program will have it
 * @throws {MachineError} naming what is missing
 */
export function checkCommand(command: readonly string[], cwd: string, path: string): void {
  const [name] = command;
  if (!is(cwd, "isDirectory")) {
    throw new MachineError(`Choose another working folder: there is no folder ${cwd}`);
  }
  if (name === undefined || name === "") throw new TypeError("Give a command line: it is empty");
  if (name.includes("/")) {
    const file = name.startsWith("/") ? name : `${cwd}/${name}`;
    if (!is(file, "isFile")) {
      throw new MachineError(`Choose another program: there is no file ${file}`);
    }
  } else if (!path.split(":").some((folder) => is(`${folder}/${name}`, "isFile"))) {
    throw new MachineError(`Install ${name}, or choose another program: PATH has no ${name}`);
  }
}

function is(path: string, what: "isFile" | "isDirectory"): boolean {
  try {
    return Deno.statSync(path)[what];
  } catch {
    return false;
  }
}
