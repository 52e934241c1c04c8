/**
 * The labs: their manifests, which there are, and how their programs are run.
 * @module
 */
export { answeredPart, expectedAnswer, STAMP_BYTES } from "./answer.ts";
export {
  clientArguments,
  type ClientMode,
  type ClientRequest,
  serverArguments,
  type ServerRequest,
  writesLogs,
} from "./arguments.ts";
export { discoverLabs, findLab, type Lab } from "./discover.ts";
export { LabError } from "./error.ts";
export {
  type AnswerRule,
  type LabManifest,
  parseManifest,
  type Permission,
  type ProgramArguments,
  type ProgramNames,
  type Range,
  type Resources,
  type RunDefaults,
  type RunLimits,
  type Shown,
  stemOf,
  type Transport,
  type Variant,
} from "./manifest.ts";
export { nearest } from "./nearest.ts";
export { includeLab, newLab, type NewLabName, newLabName } from "./new_lab.ts";
export { pairNames, pairWith, withPair } from "./pair.ts";
export { ownConfig } from "./own_config.ts";
export {
  type Program,
  programCommand,
  type ProgramTools,
  type Runner,
  runnerOf,
  spellings,
} from "./program.ts";
export { reasonOf } from "./reason.ts";
export {
  importNames,
  programIn,
  type ResolveOptions,
  resolveProgram,
  type Role,
} from "./resolve_program.ts";
export { type NewFile, studentFolder, type StudentSource } from "./student_folder.ts";
export { parseSwarmResult, type SwarmResult } from "./swarm_result.ts";
export { completeRequest, fillTemplate, type RunRequest, type TemplateValues } from "./template.ts";
