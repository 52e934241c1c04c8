import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Book, findBook, openBook } from "./book.ts";
import { newRun } from "./run_for_test.ts";

let folder: string;
let book: Book;
beforeEach(() => {
  folder = Deno.makeTempDirSync({ prefix: "socklab-book-" });
  book = openBook(`${folder}/book.sqlite`);
});
afterEach(() => {
  book[Symbol.dispose]();
  Deno.removeSync(folder, { recursive: true });
});

describe("add()", () => {
  test("keeps a run with all it was made with, its verdicts and its whole result", () => {
    const run = newRun({ verdicts: { port: "fail", "every-byte": "pass", late: "inconclusive" } });
    expect(book.add(run)).toBe(true);
    const { hash, lab_hash, seed, versions, artifacts } = run;
    expect(book.list()).toEqual([{
      ...{ id: 1, batch: "first", lab: "lab3", submission: "alice", outcome: "graded" },
      ...{ hash, lab_hash, seed, versions, artifacts, whole: true, rejected: null },
      ...{ score: 10, max_score: 30, undecided: 10, engine: "local", driver: "tun", netem: null },
      ...{ started: "2026-11-22T10:00:00.000Z", seconds: 2.5 },
      checks: [
        { id: "port", program: "server", points: 10, score: 0, verdict: "fail" },
        { id: "every-byte", program: "server", points: 10, score: 10, verdict: "pass" },
        { id: "late", program: "server", points: 10, score: 0, verdict: "inconclusive" },
      ],
    }]);
    expect(book.result(1)).toEqual(run.result);
  });

  test("keeps the network beneath the checks", () => {
    const netem = { up: "loss 1%", down: "delay 20ms" };
    const run = newRun();
    book.add({ ...run, result: { ...run.result!, netem } });
    expect(book.list()).toMatchObject([{ netem }]);
  });

  test("keeps one that was rejected, with the reason and without a score", () => {
    book.add(newRun({ rejected: "Hand in less: notes.bin has 2 GB" }));
    expect(book.list()).toMatchObject([{
      ...{ outcome: "rejected", rejected: "Hand in less: notes.bin has 2 GB" },
      ...{ score: null, max_score: null, undecided: 0, engine: null, checks: [] },
    }]);
    expect(book.result(1)).toBe(null);
  });

  test("changes nothing the second time, whatever has become of the result since", () => {
    book.add(newRun());
    const [before, result] = [book.list(), book.result(1)];
    expect(book.add(newRun({ verdicts: { port: "pass" } }))).toBe(false);
    expect(book.list()).toEqual(before);
    expect(book.result(1)).toEqual(result);
    expect(book.add(newRun({ batch: "second" }))).toBe(true);
    expect(book.list().map(({ id }) => id)).toEqual([1, 2]);
  });

  test.each([
    "two words",
    'O\'Hara "the" Great; DROP TABLE runs; --',
    "line\nbreak",
    "../../etc",
    "\x1b[31mred",
    "名前 🦊",
    "=1+1",
    "*",
    "",
  ])("takes %j as a name, and nothing else", (name) => {
    book.add(newRun({ name }));
    book.add(newRun({ name: "other" }));
    expect(book.list({ submissions: [name] }).map(({ submission }) => submission)).toEqual([name]);
  });

  test("is a run whole or not at all", () => {
    book.add(newRun());
    const wrong = newRun({ batch: "second" });
    Object.defineProperty(wrong.result!.checks[1], "points", {
      get() {
        throw new Error("out of ink");
      },
    });
    expect(() => book.add(wrong)).toThrow("out of ink");
    expect(book.list()).toHaveLength(1);
    expect(book.add(newRun({ batch: "second" }))).toBe(true);
  });
});

describe("list()", () => {
  beforeEach(() => {
    book.add(newRun({ batch: "2", started: "2026-11-22T12:00:00+01:00" }));
    book.add(newRun({ batch: "1", lab: "lab5", started: "2026-11-22T10:59:59Z" }));
    book.add(newRun({ batch: "3", name: "bob", started: "2026-11-22T11:00:01.500Z" }));
  });

  test("is in the order in which runs began, wherever their clocks were", () => {
    expect(book.list().map(({ id }) => id)).toEqual([2, 1, 3]);
  });

  test.each([
    [{ lab: "lab3" }, [1, 3]],
    [{ submissions: ["alice", "carol"] }, [2, 1]],
    [{ submissions: [] }, []],
    [{ since: new Date("2026-11-22T11:00:00Z") }, [1, 3]],
    [{ ids: [3, 7] }, [3]],
    [{ lab: "lab3", submissions: ["bob"], since: new Date(0) }, [3]],
    [{ lab: undefined, since: undefined }, [2, 1, 3]],
    [{ lab: "lab3' OR 1" }, []],
  ])("keeps to %j", (filter, ids) => {
    expect(book.list(filter).map(({ id }) => id)).toEqual(ids);
  });
});

describe("a gradebook", () => {
  test("is there when it is opened again, in one file", () => {
    book.add(newRun());
    book[Symbol.dispose]();
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["book.sqlite"]);
    book = openBook(`${folder}/book.sqlite`);
    expect(book.list()).toHaveLength(1);
  });

  test("lies wherever its path says, in folders that are made", () => {
    const path = `${folder}/a b/#1?x=%20/:memory:`;
    openBook(path)[Symbol.dispose]();
    expect(Deno.statSync(path).size).toBeGreaterThan(0);
  });

  test("is found where there is one, and made nowhere by looking for it", () => {
    expect(findBook(`${folder}/no/book.sqlite`)).toBe(null);
    expect(findBook(`${folder}/none.sqlite`)).toBe(null);
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).not.toContain("none.sqlite");
    using found = findBook(`${folder}/book.sqlite`);
    expect(found?.list()).toEqual([]);
  });

  test("of no bytes is a new one: who began it was killed at once", () => {
    Deno.writeTextFileSync(`${folder}/empty.sqlite`, "");
    using empty = openBook(`${folder}/empty.sqlite`);
    expect(empty.add(newRun())).toBe(true);
  });
});
