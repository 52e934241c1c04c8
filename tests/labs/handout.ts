/** The handout's part of the contract: what it shows as a command's output is what the command prints. */
import { describe, expect, test } from "vitest";
import type { Lab } from "../../src/lab/mod.ts";
import { LabStage } from "../cli/lab_stage.ts";
import { markedBlocks } from "../marked_blocks.ts";
import { shapeDifference } from "./shape.ts";

/** Runs each command of a handout whose output it shows, and compares the words. */
export function describeHandout(lab: Lab): void {
  let text = "";
  try {
    text = Deno.readTextFileSync(`${lab.folder}/README.md`);
  } catch {
    // None yet: a rule of its own says so.
  }
  // What `lab fate` prints is the same everywhere: tests/cli/documents.test.ts compares it to the byte.
  const blocks = markedBlocks(text, "output").filter(({ source }) => !source.includes("lab fate "))
    .map(({ source, body }): [string, string] => [source, body]);
  describe("handout", () => {
    test("is there, and shows real output", () => expect(blocks.length).toBeGreaterThan(0));

    test.each(blocks)("%s", async (source, body) => {
      await using stage = new LabStage();
      const { out, err } = await stage.shell(source, { env: { LAB_OUT: stage.out } });
      const { notPrinted } = shapeDifference(body, `${out}${err}`);
      // Of what goes to standard error, such as notes about the machine, a document may show nothing.
      const { notShown } = shapeDifference(body, out);
      expect({ notPrinted, notShown }).toEqual({ notPrinted: [], notShown: [] });
    }, 60_000);
  });
}
