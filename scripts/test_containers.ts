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
    const before = sweep(root);
    const engine = await TestEngine.start({
      log,
      answers: engineAnswers,
      alone: true,
      before,
      signal,
    });
    const took = ((performance.now() - begun) / 1000).toFixed(1);
    output.out(`lab: started a Docker engine for the tests (${took} s); its log: ${log}\n`);
    await new Deno.Command("sh", { args: ["-c", before], stdin: "null", stdout: "null" }).output();
    return engine;
  } catch (error) {
    signal.throwIfAborted();
    output.out(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

/**
 * Returns a shell's command that removes what tests left that were broken off, on an engine of ours, which serves no
 * other tests: it would otherwise wait for them when it ends, and have their networks again at its next start. What
 * outlives the tests for a moment may still make more: it looks until there has been nothing for a while.
 */
function sweep(root: string): string {
  const labels = [
    "org.testcontainers=true",
    `com.docker.compose.project.working_dir=${root}`,
    "socklab.testbed",
    "socklab-test",
  ];
  return `
quiet=0 tries=0
while [ $quiet -lt 2 ] && [ $tries -lt 20 ]; do
  quiet=$((quiet + 1)) tries=$((tries + 1))
  for label in ${labels.map((label) => `'${label.replaceAll("'", `'\\''`)}'`).join(" ")}; do
    found=$(docker container ls --all --quiet --filter "label=$label")
    [ -z "$found" ] || { docker rm --force --volumes $found; quiet=0; }
    found=$(docker network ls --quiet --filter "label=$label")
    [ -z "$found" ] || { docker network rm $found; quiet=0; }
  done
  [ $quiet -eq 2 ] || sleep 0.3
done 2>/dev/null`;
}
