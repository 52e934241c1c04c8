/** The netem that is tried: on the server's interface, with profiles in tc's words. */
import { KernelNetem, probeTc } from "../../../src/link/tc/mod.ts";
import { parseProfile, type Profile } from "../../../src/netem/mod.ts";
import { on } from "./namespaces.ts";

/** Opens it, with what is found of this kernel. */
export async function openNetem(): Promise<KernelNetem> {
  return await KernelNetem.open(on, await probeTc());
}

/** Both directions' profiles. */
export function both(up: string, down = ""): { up: Profile; down: Profile } {
  return { up: parseProfile(up), down: parseProfile(down) };
}

/** Nobody has to be ready for a switch. */
export const nobody = () => Promise.resolve();
