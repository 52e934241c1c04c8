/** The files that a server has made in its folder of logs during a run. */
import { reasonOf } from "../src/lab/mod.ts";
import { visible } from "../src/run/mod.ts";

/** So many files are shown. */
const MOST = 10;

/** Watches a folder, which need not be there yet. */
export class NewLogs {
  readonly #folder: string;
  readonly #before: Set<string>;

  /** Notes what the folder holds now. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#before = new Set(filesIn(folder));
  }

  /** A line for each file that is new, with its first line; of many, the first ones and how many there are. */
  lines(): string[] {
    const added = filesIn(this.#folder).filter((name) => !this.#before.has(name)).sort(byNumber);
    const shown = added.slice(0, MOST);
    const width = Math.max(...shown.map((name) => name.length));
    const lines = shown.map((name) => `${name.padEnd(width)}  ${this.#firstLine(name)}`);
    const more = added.length - shown.length;
    if (more > 0) lines.push(`and ${more} more, up to ${visible(added.at(-1)!)}`);
    return lines;
  }

  #firstLine(name: string): string {
    try {
      const text = Deno.readTextFileSync(`${this.#folder}/${name}`);
      if (text === "") return "(empty)";
      const [first = "", ...rest] = text.split("\n");
      const further = rest.filter((line) => line !== "").length;
      return visible(first) +
        (further > 0 ? `  (and ${further} more ${further === 1 ? "line" : "lines"})` : "");
    } catch (error) {
      return `(not readable: ${reasonOf(error)})`;
    }
  }
}

function filesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** `log2.txt` before `log10.txt`. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
