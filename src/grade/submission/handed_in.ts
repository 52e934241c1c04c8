/** How the programs of a submission are started: decided by what was handed in alone, wherever its files lie then. */
import type { ProgramSpec } from "../../engine/mod.ts";
import {
  clientArguments,
  importNames,
  type Lab,
  ownConfig,
  serverArguments,
  spellings,
  writesLogs,
} from "../../lab/mod.ts";
import { placeOf, programsOf, requestOf, type Submission } from "../programs.ts";
import { RejectedError } from "./rejected_error.ts";
import { shown } from "./shown.ts";
import type { Snapshot, SnapshotFile } from "./snapshot.ts";
import { parseSubmission, SUBMISSION_JSON } from "./submission_json.ts";
import { commandOf, commandWay, fileWay, type SubmissionPlace, type Way } from "./way.ts";

/**
 * Output goes into pipes, to be read when it is printed: without colours, and from Python without a buffer. What a
 * package.json depends on is not there, and nothing could fetch it.
 */
const ENV = { NO_COLOR: "1", PYTHONUNBUFFERED: "1", DENO_NO_PACKAGE_JSON: "1" };

/** The images that a submission may choose by itself: others of an engine are not for strangers to look into. */
const IMAGES = ["deno", "python"];

/** What a submission is handed in for. */
export interface HandedInOptions {
  lab: Lab;
  /** What results are to call it. */
  name: string;
  /** The program that a single file is; absent for a folder. */
  program?: string | undefined;
  /** The path of that file. Default: there is no other. */
  file?: string | undefined;
  /** The image that its caller chose, whatever `submission.json` names. Default: none. */
  image?: string | null;
}

/** What was handed in, understood. */
export interface HandedIn {
  /** The programs that it is judged by: all of its lab, or the one that a single file is. */
  programs: string[];
  /** The image that they run in: the chosen one, else what `submission.json` names, else `python` where that is needed. */
  image: string;
  /** What a program is started with that no image of ours is made for; null where there is none, or an image was named. */
  foreign: string | null;
  /** Returns how they are started where the files lie there. */
  at(place: SubmissionPlace): Submission;
}

/**
 * Understands what was handed in.
 *
 * @throws {RejectedError} Where it holds no program, one that cannot be run, or a `submission.json` that is wrong.
 */
export function handedIn({ files }: Snapshot, options: HandedInOptions): HandedIn {
  const { lab, name, program, file = files[0]?.path ?? "", image: chosen = null } = options;
  const inside = new Map(files.map((one) => [one.path, one]));
  const { ways, image: named } = program === undefined
    ? waysIn(inside, lab)
    : { ways: new Map([[program, fileWay(inside.get(file)!, lab)]]), image: null };
  const image = chosen ?? allowed(named);
  const all = [...ways.values()];
  const read = (path: string) => textOf(inside.get(path));
  const config = ownConfig([""], read, () => importNames(lab));
  return {
    programs: program === undefined ? programsOf(lab) : [program],
    image: image ?? (all.some(({ needs }) => needs === "python") ? "python" : "deno"),
    foreign: image === null ? all.find(({ needs }) => needs === null)?.first ?? null : null,
    at: (place) => submissionAt(place, { lab, name, ways, config }),
  };
}

/** How the programs of a folder are started, and the image that it names. */
function waysIn(files: ReadonlyMap<string, SnapshotFile>, lab: Lab) {
  const programs = programsOf(lab);
  const manifest = files.get(SUBMISSION_JSON);
  const { commands, image } = manifest === undefined
    ? { commands: new Map<string, string[]>(), image: null }
    : parseSubmission(manifest.bytes, programs);
  const ways = new Map<string, Way>();
  for (const program of programs) {
    const command = commands.get(program);
    const name = spellings(placeOf(lab, program).file).find((one) => files.has(one));
    if (command !== undefined) ways.set(program, commandWay(command, files));
    else if (name !== undefined) ways.set(program, fileWay(files.get(name)!, lab));
  }
  if (ways.size > 0) return { ways, image };
  throw nothingIn([...files.keys()], programs.map((one) => placeOf(lab, one).file));
}

interface Understood {
  lab: Lab;
  name: string;
  ways: ReadonlyMap<string, Way>;
  config: string | undefined;
}

function submissionAt(
  place: SubmissionPlace,
  { lab, name, ways, config }: Understood,
): Submission {
  const spec = (program: string, args: readonly string[], writes?: string): ProgramSpec => ({
    command: commandOf(ways.get(program)!, args, { ...place, config, writes }),
    cwd: place.folder,
    ...(writes === undefined ? {} : { writes: [writes] }),
    env: { ...ENV, ...(typeof place.cache === "string" && { DENO_DIR: place.cache }) },
  });
  return {
    name,
    missing: (program) => ways.has(program) ? null : placeOf(lab, program).file,
    server(program, { out }) {
      const { manifest } = placeOf(lab, program).lab;
      const logs = place.logs ?? `${out}/${manifest.id}/logs`;
      const args = serverArguments(manifest, { logs });
      return spec(program, args, writesLogs(manifest) ? logs : undefined);
    },
    client(program, { host, mode = "keyboard", values }) {
      const { manifest } = placeOf(lab, program).lab;
      return spec(program, clientArguments(manifest, { host, mode, ...requestOf(values) }));
    },
  };
}

/** @throws {RejectedError} Where an image is none that a submission may choose. */
function allowed(image: string | null): string | null {
  if (image === null || IMAGES.includes(image)) return image;
  throw new RejectedError(
    `Name ${IMAGES.join(" or ")} as "image" in ${SUBMISSION_JSON}, or grade it with --image, ` +
      `which is for who grades to choose: it names ${shown(image)}`,
  );
}

function textOf(file: SnapshotFile | undefined): string | null {
  return file === undefined ? null : new TextDecoder().decode(file.bytes);
}

function nothingIn(paths: readonly string[], wanted: readonly string[]): RejectedError {
  const all = wanted.join(", ");
  const deep = paths.find((path) => wanted.some((name) => path.endsWith(`/${name}`)));
  return new RejectedError(
    deep === undefined
      ? `Hand in ${all}, or a ${SUBMISSION_JSON}: there is none of them`
      : `Move ${shown(deep)} up into the submission's own folder: there is none of ${all}`,
  );
}
