/**
 * docs/impairments.md shows what the kernel did with packets: a kernel does it here again. The blocks are written anew
 * with `SOCKLAB_WRITE_DOCS=1`.
 */
import { beforeAll, expect, test } from "vitest";
import type { Foretold } from "../../src/netem/mod.ts";
import { fateText } from "../../src/view/mod.ts";
import { markedBlocks } from "../marked_blocks.ts";
import { record, type Recorded } from "./exact/record.ts";
import type { Case } from "./exact/recording.ts";
import { replay } from "./exact/replay.ts";
import { ROOT } from "./rig/checkout.ts";
import { describeKernel } from "./rig/describe_kernel.ts";

const path = `${ROOT}/docs/impairments.md`;
const page = Deno.readTextFileSync(path);
/** `PROFILE | COUNT | MICROSECONDS FROM ONE TO THE NEXT`. */
const blocks = markedBlocks(page, "kernel").map(({ source, body }) => {
  const [profile = "", count = "", gap = ""] = source.split("|").map((part) => part.trim());
  const sending = { netem: profile, packets: Number(count), gapUs: Number(gap) };
  return { source, body, kernelCase: { name: source, sendings: [sending] } as Case };
});

describeKernel("the page on impairments", (rig) => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await record(rig(), blocks.map(({ kernelCase }) => kernelCase));
    if (Deno.env.get("SOCKLAB_WRITE_DOCS") === "1") {
      const filled = blocks.reduce((text, { source, body }, index) => {
        const before = `<!-- kernel: ${source} -->\n\n\`\`\`text\n`;
        return text.replace(before + body, () => before + strip(index));
      }, page);
      Deno.writeTextFileSync(path, filled);
    }
  }, 330_000);

  test("has what to look at", () => expect(blocks.length).toBeGreaterThan(7));

  test.each(blocks.map(({ source, body }, index) => [source, body, index] as const))(
    "shows what the kernel does: %s",
    (_, body, index) => expect(strip(index)).toBe(body),
  );

  /** What the kernel did, as `lab fate --brief` shows what it will do; without its heading. */
  function strip(index: number): string {
    const { kernelCase } = blocks[index]!;
    const { kernel } = replay(kernelCase, recorded.recordings[index]!, recorded.tables);
    const [{ netem, gapUs, packets }] = kernelCase.sendings as [Required<Case["sendings"][0]>];
    const did: Foretold = {
      profile: netem,
      count: packets,
      copies: kernel.packets.map(({ length }) => length).join(""),
      corrupted: kernel.packets.flatMap((copies, i) =>
        copies.some(({ corrupted }) => corrupted) ? [i + 1] : []
      ),
      order: orderAt(gapUs, kernel.packets.map((copies) => copies.map(({ delay }) => delay))),
      delay_us: kernel.packets.map((copies) => copies.map(({ delay }) => delay / 1000)),
    };
    const text = fateText(did, { intervalUs: gapUs, frameBytes: 98, brief: true, width: 100 });
    const shown = text.replace(/^.*\n.*\n\n/, "");
    // On a wire of some rate a packet waits for those before it: that hangs on when they were sent.
    return /\brate\b/.test(netem) ? shown.replace(/\n\n.*min\/avg.*\n/, "\n") : shown;
  }
});

/** Numbers in the order of leaving, had each packet come in time: when the machine sends is not what is shown. */
function orderAt(gapUs: number, delaysNs: readonly number[][]): number[] {
  const copies = delaysNs.flatMap((delays, i) =>
    delays.map((delay) => ({ n: i + 1, at: i * gapUs * 1000 + delay }))
  );
  return copies.sort((one, other) => one.at - other.at).map(({ n }) => n);
}
