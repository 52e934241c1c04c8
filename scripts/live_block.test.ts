import { expect, test } from "vitest";
import { LiveBlock } from "./live_block.ts";

/** As much of a terminal as is used here; `writes` is what it showed after each write. */
class Screen {
  #lines = [""];
  #row = 0;
  readonly writes: string[] = [];

  out = (text: string | Uint8Array): void => {
    // deno-lint-ignore no-control-regex
    for (const [part] of String(text).matchAll(/\x1b\[\??\d*[A-Za-z]|[^\x1b]/g)) this.#take(part);
    this.writes.push(this.#lines.join("\n"));
  };

  #column = 0;

  #take(part: string): void {
    if (part === "\r") this.#column = 0;
    else if (part === "\n") {
      this.#row++;
      this.#column = 0;
      this.#lines[this.#row] ??= "";
      // deno-lint-ignore no-control-regex
    } else if (/^\x1b.*A$/.test(part)) this.#row -= Number(part.slice(2, -1));
    else if (part === "\x1b[K") this.#cut();
    else if (part === "\x1b[J") {
      this.#cut();
      this.#lines.length = this.#row + 1;
    } else if (!part.startsWith("\x1b")) {
      const line = this.#lines[this.#row]!;
      this.#lines[this.#row] = line.slice(0, this.#column) + part + line.slice(this.#column + 1);
      this.#column++;
    }
  }

  #cut(): void {
    this.#lines[this.#row] = this.#lines[this.#row]!.slice(0, this.#column);
  }
}

test("LiveBlock draws its lines in the place of those before, however many there were", () => {
  const screen = new Screen();
  const block = new LiveBlock(screen);
  screen.out("Grading\n");
  block.draw(["1/3 done", "  anna", "  bob"]);
  block.draw(["2/3 done", "  c"]);
  block.draw(["3/3 done"]);
  expect(screen.writes.slice(1)).toEqual([
    "Grading\n1/3 done\n  anna\n  bob\n",
    "Grading\n2/3 done\n  c\n",
    "Grading\n3/3 done\n",
  ]);
});

test("LiveBlock that is erased gives its place to what is printed next", () => {
  const screen = new Screen();
  const block = new LiveBlock(screen);
  block.draw(["1/3 done", "  anna"]);
  block.erase();
  screen.out("A notice\n");
  block.draw(["1/3 done"]);
  block.erase();
  block.erase();
  expect(screen.writes.at(-1)).toBe("A notice\n");
});
