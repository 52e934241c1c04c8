/** Engines: where programs run, and what a machine needs for that. */
export { advise, installCommand } from "./advice.ts";
export type { Advice, Finding } from "./advice.ts";
export type {
  DockerFacts,
  MachineFacts,
  NamespaceFacts,
  NamespaceLimits,
  ToolName,
  Trial,
} from "./machine_facts.ts";
export { probeMachine } from "./probe.ts";
export type {
  DriverName,
  EngineName,
  ProgramExit,
  ProgramSpec,
  RunningProgram,
  StartedTestbed,
  TestbedOptions,
} from "./testbed.ts";
