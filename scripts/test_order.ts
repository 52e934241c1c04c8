/** The order of test files: those that take longest begin first, so that none is left to run alone at the end. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, by the end of their paths, where only their sizes are known otherwise. */
const LONG = [
  // With --soak.
  /tests\/(?:soak|grade\/network)\.test\.ts$/,
  /labs\/lab2-[^/]+\/checks\.test\.ts$/,
  /labs\/[^/]+\/checks\.test\.ts$/,
  /tests\/kernel\/(?:driver_choice|statistics|kernel_netem|without_seeds)\.test\.ts$/,
  /tests\/(?:docker\/hostile|compose\/(?:lifecycle|compose)|[^/]+\/python_[^/]+)\.test\.ts$/,
];

/** Vitest's order, but for what is known to be long: that begins each group. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const group = (file: TestSpecification) => file.project.config.sequence.groupOrder;
    return (await super.sort(files)).sort((a, b) =>
      group(a) - group(b) || rank(a.moduleId) - rank(b.moduleId)
    );
  }
}

function rank(path: string): number {
  const found = LONG.findIndex((pattern) => pattern.test(path));
  return found < 0 ? LONG.length : found;
}
