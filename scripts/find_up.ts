/** The lab that is up, for the verbs that use one. */
import { listStates, type StateFolder } from "../src/engine/mod.ts";
import { findLab, type Lab } from "../src/lab/mod.ts";
import { UsageError } from "./verb.ts";

/** Returns the testbed of a lab that is up; null where it is not. */
export function findUp(id: string): StateFolder | null {
  return listStates().find(({ record }) => record.kind === "up" && record.lab === id) ?? null;
}

/**
 * Returns a lab that is up, by its name.
 *
 * @throws {LabError} where there is no such lab.
 * @throws {UsageError} where it is not up.
 */
export function requireUp(root: string, name: string): { lab: Lab; state: StateFolder } {
  const lab = findLab(root, name);
  const state = findUp(lab.manifest.id);
  if (state === null) {
    throw new UsageError(
      `Start it first with ./lab up ${lab.manifest.id}: ${lab.manifest.id} is not up`,
    );
  }
  return { lab, state };
}
