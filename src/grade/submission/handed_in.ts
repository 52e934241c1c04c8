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

/** Output goes into pipes, to be read when it is printed: without colours, and from Python without a buffer. */
const ENV = { NO_COLOR: "1", PYTHONUNBUFFERED: "1" };

/** The images that a submission may choose by itself: others of an engine are not for strangers to look into. */
const IMAGES = ["deno", "python"];

/** What a submission is handed in for. */
export interface HandedInOptions {
  lab: Lab;
  /** What results are to call it. */
  name: string;
  /** The program that a single file is; absent for a folder. */
  program?: string | undefined;
  /** The image that its caller chose, whatever `submission.json` names. Default: none. */
  image?: string | null;
}

/** What was handed in, understood. */
export interface HandedIn {
  /** The programs that it is judged by: all of its lab, or the one that a single file is. */
  programs: string[];
  /** The image that they run in: the chosen one, else what `submission.json` names, else `python` where that is needed. */
  image: string;
  /** Returns how they are started where the files lie there. */
  at(place: SubmissionPlace): Submission;
}

/**
 * Understands what was handed in.
 *
 * @throws {RejectedError} Where it holds no program, one that cannot be run, or a `submission.json` that is wrong.
 */
export function handedIn(
  { files }: Snapshot,
  { lab, name, program: only, image: chosen = null }: HandedInOptions,
): HandedIn {
  const programs = only === undefined ? programsOf(lab) : [only];
  const inside = new Map(files.map((file) => [file.path, file]));
  const manifest = inside.get(SUBMISSION_JSON);
  const { commands, image: named } = manifest === undefined
    ? { commands: new Map<string, string[]>(), image: null }
    : parseSubmission(manifest.bytes, programs);
  const image = chosen ?? allowed(named);
  const fileOf = (program: string) =>
    only === undefined ? fileIn(inside, placeOf(lab, program).file) : files[0];
  const ways = new Map<string, Way>();
  for (const program of programs) {
    const command = commands.get(program);
    const file = fileOf(program);
    if (command !== undefined) ways.set(program, commandWay(command, inside));
    else if (file !== undefined) ways.set(program, fileWay(file, lab));
  }
  if (ways.size === 0) throw nothingIn(files, programs.map((one) => placeOf(lab, one).file));
  const read = (path: string) => textOf(inside.get(path));
  const config = ownConfig([""], read, () => importNames(lab));
  return {
    programs,
    image: image ?? ([...ways.values()].some(({ python }) => python) ? "python" : "deno"),
    at: (place) => submissionAt(place, { lab, name, ways, config }),
  };
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
    env: ENV,
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

function fileIn(files: ReadonlyMap<string, SnapshotFile>, name: string): SnapshotFile | undefined {
  const found = spellings(name).find((one) => files.has(one));
  return found === undefined ? undefined : files.get(found);
}

function textOf(file: SnapshotFile | undefined): string | null {
  return file === undefined ? null : new TextDecoder().decode(file.bytes);
}

function nothingIn(files: readonly SnapshotFile[], wanted: readonly string[]): RejectedError {
  const all = wanted.join(", ");
  const deep = files.find(({ path }) => wanted.some((name) => path.endsWith(`/${name}`)));
  return new RejectedError(
    deep === undefined
      ? `Hand in ${all}, or a ${SUBMISSION_JSON}: there is none of them`
      : `Move ${shown(deep.path)} up into the submission's own folder: there is none of ${all}`,
  );
}
