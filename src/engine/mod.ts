/** Engines: where programs run, and what a machine needs for that. */
export { advise, installCommand, isUsable } from "./advice.ts";
export type { Advice, Finding } from "./advice.ts";
export type {
  DockerFacts,
  MachineFacts,
  NamespaceFacts,
  NamespaceLimits,
  ToolName,
  Trial,
} from "./machine_facts.ts";
export { probeDocker } from "./docker_probe.ts";
export { probeMachine } from "./probe.ts";
export type { ContainerProgram, ProgramExit, ProgramSpec, RunningProgram } from "./program.ts";
export type {
  EngineName,
  ExpectedPrograms,
  RunOptions,
  Sandbox,
  SandboxFile,
  SandboxOptions,
  StartedTestbed,
  TestbedOptions,
} from "./testbed.ts";
export { LogFault, type LogFolder } from "./logs/log_folder.ts";
export { LogFolderHere } from "./logs/log_folder_here.ts";
export { removeAll } from "./remove_all.ts";
export { makeTemporaryFolder, type TemporaryFolder } from "./temporary_folder.ts";
export { MachineError } from "./machine_error.ts";
export { onEngine, type OnEngines } from "./on_engine.ts";
export { startTestbed } from "./start.ts";
export { UnfitError } from "./unfit_error.ts";
export { type AttachOptions, attachTestbed } from "./attach.ts";
export { LOGS as SANDBOX_LOGS, SUBMISSION as SANDBOX_FOLDER } from "./sandbox/protocol.ts";
export { listStates, type StateFolder, type StateRecord } from "./state.ts";
export { joinInside, serveInside } from "./inside.ts";
export type { ProcessCount } from "./process_count.ts";
export type { InsideOptions } from "./inside/inside_testbed.ts";
export type { ServeInsideOptions } from "./inside/serve_inside.ts";
export { openImages } from "./images.ts";
export type {
  ArchivedImage,
  BuildImagesOptions,
  ImageOptions,
  ImageState,
  ImageStore,
  Stage,
  TransferOptions,
} from "./images.ts";
