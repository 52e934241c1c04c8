/** An engine for tests of images. */
import type Docker from "dockerode";
import { Readable } from "node:stream";
import { IMAGES, readVersions, RECIPE_LABEL, recipeHash } from "./image_recipe.ts";

const root = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");

/** An image's name with its tag. */
export function tag(name: string): string {
  return `socklab/${name}:${readVersions(root).socklab}`;
}

/** An engine that is made up: images by their tags, and what it answers to a build. */
export class FakeDocker {
  readonly images = new Map<string, { recipe?: string; architecture: string }>();
  readonly builds: { tag: string; files: string[]; args: Record<string, string> }[] = [];
  /** The words in which a build fails; empty where it succeeds. */
  failing: (args: Record<string, string>) => string = () => "";

  get client(): Docker {
    return this as unknown as Docker;
  }
  /** Throws what a build's request ends with before it is begun. */
  breaking: (session: boolean) => unknown = () => null;
  /** Whether the registry that is asked never answers. */
  silent = false;

  ping() {
    return Promise.resolve("OK");
  }
  version() {
    return Promise.resolve({ Version: "20.10.24", Os: "linux", Arch: "amd64" });
  }
  getImage(name: string) {
    return {
      inspect: () => {
        const found = this.images.get(name);
        return found
          ? Promise.resolve({
            Id: name,
            Os: "linux",
            Architecture: found.architecture,
            Size: 1e8,
            RepoTags: [name],
            Config: { Labels: { [RECIPE_LABEL]: found.recipe } },
          })
          : Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 }));
      },
    };
  }
  async buildImage(
    context: AsyncIterable<Uint8Array>,
    options: {
      t: string;
      platform: string;
      buildargs: Record<string, string>;
      version: unknown;
      abortSignal: AbortSignal;
    },
  ) {
    const broken = this.breaking(options.version === "2");
    if (broken !== null) throw broken;
    const files: string[] = [];
    for await (const piece of context) {
      // Headers are pieces of their own, with the file's name first.
      if (piece.length === 512 && piece[257] === 0x75) {
        files.push(new TextDecoder().decode(piece).split("\0")[0]!);
      }
    }
    const { t, buildargs, platform } = options;
    this.builds.push({ tag: t, files, args: buildargs });
    if (this.silent && buildargs.BASES === "pulled") return asking(options.abortSignal);
    const error = this.failing(buildargs);
    if (error === "") {
      this.images.set(t, {
        recipe: buildargs.RECIPE,
        architecture: platform.replace("linux/", ""),
      });
    }
    return Readable.from([
      new TextEncoder().encode(error === "" ? '{"stream":"ok"}\n' : JSON.stringify({ error })),
    ]);
  }
}

/** What BuildKit tells of a registry that it has asked, and then nothing more. */
function asking(signal: AbortSignal): Readable {
  const bytes = (text: string) => [...new TextEncoder().encode(text)];
  const field = (number: number, content: number[]) => [number * 8 + 2, content.length, ...content];
  const name = "[internal] load metadata for docker.io/library/debian:13.1-slim";
  const step = [...field(1, bytes("sha256:a")), ...field(3, bytes(name)), ...field(5, [8, 1])];
  const aux = Uint8Array.from(field(1, step)).toBase64();
  return Readable.from((async function* () {
    yield new TextEncoder().encode(`${JSON.stringify({ id: "moby.buildkit.trace", aux })}\n`);
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  })());
}

/** Has all images, as the checkout wants them. */
export async function equipped(): Promise<FakeDocker> {
  const docker = new FakeDocker();
  for (const name of IMAGES) {
    docker.images.set(tag(name), { recipe: await recipeHash(root, name), architecture: "amd64" });
  }
  return docker;
}
