/** What docs/grading.md shows, done: its commands in their order in a clone, and what they print. */
import { describe, expect, test } from "vitest";
import type { EngineName } from "../../src/engine/mod.ts";
import { shapeDifference } from "../labs/shape.ts";
import { commitAll, ROOT } from "./checkout.ts";
import { PATIENCE, useCi } from "./ci_stage.ts";
import { blocksOf } from "./document.ts";

/** The folder that the document speaks of. */
const THERE = "/home/me/socklab";

const blocks = blocksOf(Deno.readTextFileSync(`${ROOT}/docs/grading.md`));
const lines = blocks.filter(({ language }) => language === "sh")
  .flatMap(({ text }) => text.trimEnd().split("\n"));
const outputs = new Map(
  blocks.flatMap(({ mark, text }) =>
    mark?.startsWith("output: ") ? [[mark.slice("output: ".length), text]] : []
  ),
);

/** Runs the document's commands on an engine. */
export function describeGradingDocument(engine: EngineName): void {
  const ci = useCi(engine);

  describe("docs/grading.md", () => {
    test("shows the output of commands that it has", () => {
      expect(outputs.size).toBeGreaterThan(1);
      expect(lines).toEqual(expect.arrayContaining([...outputs.keys()]));
    });

    test("its commands do what it shows", async () => {
      const { path } = ci.stage.socklab;
      // What its reader has besides: a student's repository.
      const eve = `${ci.stage.workspace}/eve`;
      await ci.stage.script('cp -R "$FROM" eve', {
        FROM: `${ROOT}/labs/lab4-date-server/solution`,
      });
      commitAll(eve);
      Deno.writeTextFileSync(`${path}/repositories.txt`, `eve file://${encodeURI(eve)}\n`);
      for (const line of lines) {
        // The document's reader has Docker.
        const trusted = engine === "local"
          ? line.replace("lab grade ", "lab grade --trust ")
          : line;
        const { status, out, err } = await ci.stage.script(`cd "$CLONE" && ${trusted}`, {
          CLONE: path,
        });
        // Of the batch: one was rejected.
        const wanted = /lab grade (?!.*--replay)/.test(line) ? 2 : 0;
        expect({ line, status, err }).toEqual({ line, status: wanted, err: expect.any(String) });
        const shown = outputs.get(line);
        if (shown === undefined) continue;
        const { notPrinted, notShown } = shapeDifference(shown, out.replaceAll(path, THERE));
        expect({ line, notPrinted, notShown }).toEqual({ line, notPrinted: [], notShown: [] });
      }
    }, 5 * PATIENCE);
  });
}
