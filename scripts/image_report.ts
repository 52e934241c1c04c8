/** What `lab images` prints: on a terminal one line that moves, elsewhere a line for each thing that is done. */
import type { ArchivedImage, ImageState, Stage } from "../src/engine/mod.ts";
import type { Output } from "./verb.ts";

/** Tells how images come about. */
export class ImageReport implements Disposable {
  readonly #output: Output;
  readonly #now: () => number;
  /** What the moving line shows; empty where it is not there. */
  #moving = "";
  /** What has been told where lines do not move: steps run side by side, and take turns. */
  readonly #told = new Set<string>();
  /** Which of how many an image is. */
  readonly #place = new Map<string, string>();
  readonly #begun = new Map<string, number>();
  readonly #built = new Set<string>();

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /** These images will be built, in this order. */
  plan(images: readonly ImageState[]): void {
    images.forEach(({ tag }, i) => this.#place.set(tag, `${i + 1} of ${images.length}  `));
  }

  /** Something is being done for an image or an archive. */
  stage(subject: string, stage: Stage): void {
    if (!this.#begun.has(subject)) this.#begun.set(subject, this.#now());
    if (stage.text === "") return;
    const text = `${this.#place.get(subject) ?? ""}${subject}: ${stage.text}`;
    if (this.#output.isTerminal) return this.#move(text + amount(stage));
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#output.out(`${text}\n`);
  }

  /** Something that the user should know. */
  notice(line: string): void {
    this.#clear();
    this.#output.err(`lab: ${line}\n`);
  }

  /** An image has been built. */
  built(image: ImageState): void {
    this.#built.add(image.tag);
    const begun = this.#begun.get(image.tag);
    const took = begun === undefined ? "" : `, in ${seconds(this.#now() - begun)}`;
    this.#line("built", image, took);
  }

  /** All images are there: tells those that were before, and what can be done now. */
  ready(images: readonly ImageState[]): void {
    for (const image of images) if (!this.#built.has(image.tag)) this.#line("ready", image, "");
  }

  /** An archive has been written. */
  saved(file: string, bytes: number, images: readonly ImageState[]): void {
    this.#clear();
    const { green, bold } = this.#output.style;
    const platform = images[0]?.platform ?? "";
    this.#output.out(
      `${green("saved")}  ${bold(file)}  ${size(bytes)}, for ${platform}\n` +
        `Elsewhere: ./lab images --load ${fileName(file)}\n`,
    );
  }

  /** An archive has been loaded. */
  loaded(file: string, held: readonly ArchivedImage[]): void {
    this.#clear();
    const { green, bold } = this.#output.style;
    const names = held.flatMap(({ tags }) => tags);
    const width = Math.max(0, ...names.map((name) => name.length));
    for (const { tags, platform } of held) {
      for (const tag of tags) {
        this.#output.out(`${green("loaded")}  ${bold(tag.padEnd(width))}  ${platform}\n`);
      }
    }
    if (names.length === 0) this.#output.out(`${file} held images without names\n`);
  }

  /** The user has broken it off. */
  interrupted(): void {
    this.#clear();
    this.#output.err("lab: interrupted; nothing half-done is left\n");
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  #line(state: string, { tag, platform, size: bytes }: ImageState, rest: string): void {
    this.#clear();
    const { green, bold } = this.#output.style;
    // As wide as the longest of them.
    const name = tag.padEnd(tag.replace(/\/\w+:/, "/programs:").length);
    const amount = bytes === null ? "" : size(bytes);
    this.#output.out(`${green(state)}  ${bold(name)}  ${platform}  ${amount}${rest}\n`);
  }

  #move(text: string): void {
    const line = text.length < this.#output.columns
      ? text
      : `${text.slice(0, this.#output.columns - 2)}…`;
    if (line === this.#moving) return;
    this.#output.out(`\r\x1b[K${this.#output.style.dim(line)}`);
    this.#moving = line;
  }

  #clear(): void {
    if (this.#moving !== "") this.#output.out("\r\x1b[K");
    this.#moving = "";
  }
}

function amount({ done, total }: Stage): string {
  if (done === undefined) return "";
  return total === undefined ? `, ${size(done)}` : `, ${size(done)} of ${size(total)}`;
}

/** Bytes as Docker counts them: `108 MB`. */
function size(bytes: number): string {
  const megabytes = bytes / 1e6;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

function seconds(ms: number): string {
  return ms < 60_000
    ? `${Math.max(1, Math.round(ms / 1000))} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round(ms % 60_000 / 1000)} s`;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
