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
  // One that is named elsewhere is not ours to start.
  const elsewhere = Deno.env.get("DOCKER_HOST");
  if (elsewhere || Deno.uid() !== 0 || findCommand("dockerd") === null) {
    const where = elsewhere ? ` at DOCKER_HOST ${elsewhere}` : "";
    output.out(`lab: start Docker to run the tests in containers: no engine answers${where}\n`);
    return undefined;
  }
  const begun = performance.now();
  try {
    const log = `${root}/out/dockerd.log`;
    const engine = await TestEngine.start({ log, answers: engineAnswers, signal });
    const took = ((performance.now() - begun) / 1000).toFixed(1);
    output.out(`lab: started a Docker engine for the tests (${took} s); its log: ${log}\n`);
    await sweep(root);
    return {
      async [Symbol.asyncDispose]() {
        await sweep(root);
        await engine[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    output.out(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

/**
 * Removes what tests that were broken off left on an engine of ours, whose processes have ended with it or never were:
 * it would otherwise wait for them to end, and have their networks again at its next start. Never rejects.
 */
async function sweep(root: string): Promise<void> {
  const labels = [
    "org.testcontainers=true",
    `com.docker.compose.project.working_dir=${root}`,
    "socklab.testbed",
    "socklab-test",
  ];
  const docker = async (...args: string[]) => {
    const command = new Deno.Command("docker", { args, stdin: "null", stderr: "null" });
    const { stdout } = await command.output();
    return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
  };
  try {
    for (const filter of labels.map((label) => ["--quiet", "--filter", `label=${label}`])) {
      const containers = await docker("container", "ls", "--all", ...filter);
      if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
      const networks = await docker("network", "ls", ...filter);
      if (networks.length > 0) await docker("network", "rm", ...networks);
    }
  } catch {
    // No command line, no containers.
  }
}
