/**
 * A grader that writes a gradebook while a test looks on: `writer_for_test.ts BOOK NAME COUNT`. At the first byte of
 * standard input it opens the book and enters COUNT runs of the batch `shared`, by names that other writers have too, each
 * followed by one of a batch of its own. With `half` in COUNT's place it stays in the middle of entering one. It prints what
 * it has done.
 */
import { openBook } from "./book.ts";
import { newRun } from "./run_for_test.ts";

const [path, writer, count] = Deno.args as [string, string, string];
const tell = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

tell("ready");
await Deno.stdin.read(new Uint8Array(1));
using book = openBook(path);
for (let number = 0; number < Number(count); number++) {
  const shared = book.add(newRun({ batch: "shared", name: `s${number}` }));
  const own = book.add(newRun({ batch: writer, name: `s${number}` }));
  tell(`${shared ? 1 : 0} ${own ? 1 : 0}`);
}
if (count === "half") {
  const run = newRun({ batch: writer, name: "half" });
  // By then, the run and its first verdict are written, if not committed.
  Object.defineProperty(run.result!.checks[1]!, "id", {
    get() {
      tell("in the middle");
      return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  });
  book.add(run);
}
