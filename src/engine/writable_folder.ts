/** Folders that a program may write: there before it starts, and open to its user. */
import { MachineError } from "./machine_error.ts";

/** As /tmp: everybody may add files, and nobody touch another's. */
const FOR_ALL = 0o1777;

/**
 * Makes the folders that are not there. Where root runs the tool, they are for everybody: a program's user is not the same
 * on each engine, nor in Compose, and what is written stays for the next.
 *
 * @throws {MachineError} naming a folder that cannot be made.
 */
export function makeWritable(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      Deno.mkdirSync(folder, { recursive: true });
      if (Deno.uid() === 0) Deno.chmodSync(folder, FOR_ALL);
    } catch (cause) {
      const reason = (cause as Error).message.replace(/ \(os error \d+\).*$/, "");
      throw new MachineError(
        `Make ${folder} writable, where the program keeps its files: ${reason}`,
        { cause },
      );
    }
  }
}
