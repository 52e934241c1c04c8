/** Folders that a program may write: there before it starts, and its user's. */
import { MachineError } from "./machine_error.ts";

/** Whose a folder is to be. */
export interface FolderOwner {
  uid: number;
  gid: number;
}

/**
 * Makes the folders that are not there, and gives each to the program's user where we are root. What lies in them stays
 * whose it is.
 *
 * @param owner The program's user. Null: whoever runs the tool.
 * @throws {MachineError} naming a folder that cannot be made.
 */
export function makeWritable(
  folders: readonly string[],
  owner: FolderOwner | null,
): void {
  for (const folder of folders) {
    try {
      Deno.mkdirSync(folder, { recursive: true });
      if (Deno.uid() === 0) Deno.chownSync(folder, owner?.uid ?? 0, owner?.gid ?? 0);
    } catch (cause) {
      const reason = (cause as Error).message.replace(/ \(os error \d+\).*$/, "");
      throw new MachineError(
        `Make ${folder} writable, where the program keeps its files: ${reason}`,
        { cause },
      );
    }
  }
}
