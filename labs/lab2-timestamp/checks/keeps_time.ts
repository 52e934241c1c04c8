/** Whether each answer has its own time, whatever carries it. */
import type { Bench } from "../../../src/grade/mod.ts";
import { unlikeWords } from "./inputs.ts";
import { expectTime } from "./stamp.ts";

/** No whole hours from UTC: neither hours nor minutes come out right by chance. */
const TIME_ZONE = "Asia/Kathmandu";

/**
 * Asks twice, with more than a second in between, a server that runs in another time zone.
 *
 * @param ask Sends a text and returns the time in the stamp of its answer.
 */
export async function checkTime(
  bench: Bench,
  { prepare, ask }: {
    prepare?: () => Promise<void>;
    ask: (text: string) => Promise<string>;
  },
): Promise<void> {
  const [one, other] = unlikeWords(bench.random, 2) as [string, string];
  await bench.startServer({ timeZone: TIME_ZONE });
  if (prepare) await prepare();
  const askAt = async (text: string, { not }: { not?: string } = {}) => {
    const after = Date.now();
    const stamp = await ask(text);
    if (stamp === not) {
      bench.fail(`Both answers are stamped ${stamp}, though more than a second lies between them`);
    }
    expectTime(bench, stamp, { after, before: Date.now(), timeZone: TIME_ZONE });
    return stamp;
  };
  const first = await bench.step(
    "the answer shows the server's own time, east of London by 5:45 hours",
    () => askAt(one),
  );
  const answered = performance.now();
  await bench.step(
    "another second begins",
    () =>
      bench.until(
        "the clock went on by 1.1 s",
        () => performance.now() >= answered + 1_100 || undefined,
      ),
  );
  await bench.step("the next answer shows a later time", () => askAt(other, { not: first }));
}
