/** `lab images`: the images that programs run in with Docker, built here or taken along. */
import type { ImageStore } from "../src/engine/mod.ts";
import type { ImageReport } from "./image_report.ts";
import { defineVerb, UsageError } from "./verb.ts";

export const verb = defineVerb({
  name: "images",
  summary: "Build the images that Docker runs labs in, or carry them elsewhere",
  description:
    "Builds what is missing, and what an update of socklab has changed. Where no image\n" +
    "registry can be reached, it takes Debian packages (mmdebstrap) and Deno instead.",
  positionals: [],
  options: {
    save: {
      type: "string",
      placeholder: "FILE",
      completes: "file",
      help: "Write all images into one archive, compressed if FILE ends in .gz",
    },
    load: {
      type: "string",
      placeholder: "FILE",
      completes: "file",
      help: "Load an archive that --save has written; needs no network",
    },
    offline: { type: "boolean", help: "Ask no image registry, take Debian packages at once" },
    platform: {
      type: "string",
      placeholder: "PLATFORM",
      choices: ["linux/amd64", "linux/arm64"],
      help: "Build for another kind of machine than the engine's own, to --save it",
    },
  },
  examples: [
    { line: "./lab images", help: "Build now what ./lab run would build at its first start" },
    { line: "./lab images --save socklab.tar.gz", help: "One file for a classroom" },
    { line: "./lab images --load socklab.tar.gz", help: "There, on each machine" },
  ],
  async run({ values, output, root }) {
    const { openImages } = await import("../src/engine/mod.ts");
    const { Interrupt } = await import("./interrupt.ts");
    const { ImageReport } = await import("./image_report.ts");
    const { load, save, offline, platform } = values;
    if (load !== undefined && (save !== undefined || offline || platform !== undefined)) {
      throw new UsageError("Give --load alone: it builds nothing");
    }
    // Before anything is built for it.
    if (save !== undefined) checkTarget(save);
    using interrupt = new Interrupt();
    const { signal } = interrupt;
    using report = new ImageReport(output);
    try {
      const store = await openImages({ signal, onNotice: (line) => report.notice(line) });
      if (load !== undefined) return await loadFrom(store, load, report, signal);
      const images = await store.build({
        root,
        offline,
        platform,
        signal,
        onNotice: (line) => report.notice(line),
        onPlan: (images) => report.plan(images),
        onStage: (tag, stage) => report.stage(tag, stage),
        onBuilt: (image) => report.built(image),
      });
      report.ready(images);
      if (save !== undefined) {
        const tags = images.map(({ tag }) => tag);
        const onBytes = (done: number) => report.stage(save, { text: "writing", done });
        const bytes = await store.save(tags, save, { signal, onBytes });
        report.saved(save, bytes, images);
      }
      return 0;
    } catch (error) {
      if (!signal.aborted) throw error;
      report.interrupted();
      return 130;
    }
  },
});

async function loadFrom(
  store: ImageStore,
  file: string,
  report: ImageReport,
  signal: AbortSignal,
): Promise<number> {
  try {
    const total = Deno.statSync(file).size;
    const onBytes = (done: number) => report.stage(file, { text: "loading", done, total });
    report.loaded(file, await store.load(file, { signal, onBytes }));
    return 0;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ArchiveError") {
      throw new UsageError(cause.message, { cause });
    }
    if (cause instanceof Deno.errors.NotFound) {
      throw new UsageError(`Give an archive that is there: there is no ${file}`, { cause });
    }
    if (cause instanceof Deno.errors.PermissionDenied) {
      throw new UsageError(`Give an archive that you may read: ${file} is not yours`, { cause });
    }
    throw cause;
  }
}

/** @throws {UsageError} Where no archive can be written, or something other than a file would be replaced. */
function checkTarget(file: string): void {
  const stat = statOf(file);
  if (stat !== null && !stat.isFile) {
    throw new UsageError(
      `Name a file for the archive, such as socklab.tar.gz: ${file} is ${
        stat.isDirectory ? "a folder" : "no file"
      }`,
    );
  }
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) || "/" : ".";
  const trial = `${file}.part.${Deno.pid}`;
  try {
    Deno.openSync(trial, { write: true, createNew: true }).close();
    Deno.removeSync(trial);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new UsageError(`Make the folder ${folder} first: it is not there`, { cause });
    }
    const reason = cause instanceof Error ? /^[^(:]*/.exec(cause.message)?.[0].trim() : "";
    throw new UsageError(
      `Save the archive to a folder that you may write to: ${folder} cannot be (${reason})`,
      { cause },
    );
  }
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}
