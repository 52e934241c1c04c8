/** The checks beside the tests; each is a command that passes or fails as a whole. */

/** One gate. */
export interface Gate {
  name: string;
  /** Arguments for Deno. */
  args: string[];
}

/** What `lab test` and `deno task ok` hold the checkout to, before the tests. */
export const GATES: readonly Gate[] = [
  { name: "format", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "types", args: ["check", "."] },
  { name: "imports", args: ["run", "-A", "scripts/check_imports.ts"] },
  { name: "docs", args: ["run", "-A", "scripts/check_docs.ts"] },
];

/** Makes the images that are missing or of another state of the checkout. */
export const IMAGES: Gate = { name: "images", args: ["run", "-A", "scripts/lab.ts", "images"] };

/** Makes the disks of the virtual machine that tests run on, where they are not kept from before. */
export const RIG: Gate = {
  name: "rig",
  args: ["run", "-A", "tests/kernel/rig/build.ts", "--without-images"],
};

/** Puts the images on a disk of that machine: all others are there. */
export const RIG_IMAGES: Gate = {
  name: "rig's images",
  args: ["run", "-A", "tests/kernel/rig/build.ts"],
};

/** How a gate ended. */
export interface GateResult {
  name: string;
  passed: boolean;
  /** What its command wrote. */
  text: string;
  seconds: number;
}

/** Runs a gate in the checkout; never rejects: a gate that cannot run has failed. */
export async function runGate(gate: Gate, root: string): Promise<GateResult> {
  const begun = performance.now();
  const result = (passed: boolean, text: string): GateResult => ({
    name: gate.name,
    passed,
    text,
    seconds: (performance.now() - begun) / 1000,
  });
  try {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: gate.args,
      cwd: root,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return result(success, decoder.decode(stdout) + decoder.decode(stderr));
  } catch (error) {
    return result(false, `${error instanceof Error ? error.message : String(error)}\n`);
  }
}
