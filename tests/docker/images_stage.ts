/** What the tests of `./lab images` stand on: a folder that it is called in. */
import { afterEach, beforeEach, expect } from "vitest";
import type { RunningLab } from "../cli/lab_stage.ts";
import { useDockerStage } from "./docker_stage.ts";

/** Milliseconds that a test of it may take. */
export const PATIENCE = 120_000;

/** A folder of each test's own, and the verb there. */
export interface ImagesStage {
  readonly folder: string;
  /** Starts `./lab images ARGS`. */
  images(args: string[], env?: Record<string, string>, within?: string[]): RunningLab;
  /** What is in the folder. */
  names(): string[];
}

/** Gives each test of a file a folder. */
export function useImages(): ImagesStage {
  const context = useDockerStage();
  let folder = "";
  beforeEach(() => void (folder = Deno.makeTempDirSync({ prefix: "socklab-images-test-" })));
  afterEach(() => Deno.removeSync(folder, { recursive: true }));
  return {
    get folder() {
      return folder;
    },
    images: (args, env = {}, within = []) =>
      context.stage.start(["images", ...args], { env, within, cwd: folder }),
    names: () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
  };
}

/** How `./lab images` ends with such words and no others. */
export function line(status: number, pattern: RegExp) {
  return { status, err: expect.stringMatching(pattern) };
}
