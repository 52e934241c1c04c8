/** Checks that are made for a test, against a server that is. */
import { afterEach, beforeEach } from "vitest";
import { inPlace } from "../../scripts/check_lab.ts";
import {
  type Bench,
  type Check,
  type CheckResult,
  defineChecks,
  handedIn,
  runChecks,
  takeSnapshot,
} from "../../src/grade/mod.ts";
import { findLab } from "../../src/lab/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";

/** A right server of TCP on the port of lab4. */
export const ECHO_TCP = `
for await (const connection of Deno.listen({ port: 6015 })) {
  void connection.readable.pipeTo(connection.writable).catch(() => {});
}`;

let folder = "";

/** Gives each test of a file a folder for its server. */
export function useOutcomes(): void {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "socklab-outcomes-" });
    Deno.chmodSync(folder, 0o755);
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));
}

/** Runs checks that do this against a server. */
export async function outcomes(
  server: string,
  acts: readonly ((bench: Bench) => Promise<void>)[],
  { lab: id = "lab3", signal = new AbortController().signal, time = signal }: {
    lab?: string;
    signal?: AbortSignal;
    time?: AbortSignal;
  } = {},
): Promise<CheckResult[]> {
  Deno.writeTextFileSync(`${folder}/server.ts`, server);
  const lab = findLab(ROOT, id);
  const checks: readonly Check[] = defineChecks(acts.map((run, at) => ({
    ...{
      id: `check-${at + 1}`,
      title: "It works",
      points: 5,
      program: "server",
      hint: "Look",
      run,
    },
  })));
  const handed = handedIn(takeSnapshot(folder), { lab, name: folder });
  const { checks: results } = await runChecks({
    lab,
    checks,
    submission: inPlace(ROOT, { handed, folder }),
    engine: "local",
    seed: 7n,
    version: "0",
    time,
    signal,
  });
  return results;
}
