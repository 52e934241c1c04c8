/** Readies a Docker engine for the tests that run containers, and ends what it started. */
import type { Output } from "./verb.ts";
import { findCommand } from "./quiet_command.ts";
import { TestEngine } from "./test_engine.ts";

/** Resolves to whether an engine answers. */
export async function engineAnswers(): Promise<boolean> {
  // Not at the top: a small checkout that is being tested has no such room.
  const { probeDocker } = await import("../src/engine/mod.ts");
  return (await probeDocker({ signal: AbortSignal.timeout(5_000) })).version !== null;
}

/**
 * Starts the engine that is installed, unless one answers: that one is used and left alone. Resolves
 * to what is to be disposed of, if anything; says what to do where it cannot start one.
 */
export async function startEngine(
  { output, root, signal }: { output: Output; root: string; signal: AbortSignal },
): Promise<AsyncDisposable | undefined> {
  if (await engineAnswers()) return undefined;
  if (Deno.uid() !== 0 || findCommand("dockerd") === null) {
    output.out("lab: start Docker to run the tests in containers: no engine answers\n");
    return undefined;
  }
  const begun = performance.now();
  try {
    const log = `${root}/out/dockerd.log`;
    const engine = await TestEngine.start({ log, answers: engineAnswers, signal });
    const took = ((performance.now() - begun) / 1000).toFixed(1);
    output.out(`lab: started a Docker engine for the tests (${took} s); its log: ${log}\n`);
    return engine;
  } catch (error) {
    signal.throwIfAborted();
    output.out(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
