/** Has a rig's kernel go through cases. */
import {
  distributionTable,
  type DistributionTables,
  parseDistribution,
} from "../../../src/netem/mod.ts";
import { ROOT } from "../rig/checkout.ts";
import type { RigClient } from "../rig/client.ts";
import { type Case, DISTRIBUTIONS, type Machine, type Recording } from "./recording.ts";

/** What came back. */
export interface Recorded {
  machine: Machine;
  /** A recording for each case, in their order. */
  recordings: Recording[];
  /** The tables as the rig's tc has them. */
  tables: Required<DistributionTables>;
}

/** Records cases on a rig: about 0.7 s for each, and 5 s for all. @throws {Error} Where the recorder fails. */
export async function record(rig: RigClient, cases: readonly Case[]): Promise<Recorded> {
  const output = await rig.run(
    `mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
    modprobe -a veth sch_netem
    cd '${ROOT}/tests/kernel/exact' && exec deno run --no-check -A recorder.ts`,
    { stdin: JSON.stringify(cases), timeoutMs: 300_000 },
  );
  const [machine, ...recordings] = output.trimEnd().split("\n").map((line) => JSON.parse(line));
  const texts = (machine as Machine).tables;
  const tables = Object.fromEntries(
    DISTRIBUTIONS.map((name) => [name, parseDistribution(texts[name])]),
  ) as unknown as Required<DistributionTables>;
  return { machine, recordings, tables };
}

/** Names of the tables that we compute otherwise than the rig's tc has them. */
export function differentTables(tables: DistributionTables): string[] {
  return DISTRIBUTIONS.filter((name) => name !== "experimental").filter((name) => {
    const ours = distributionTable(name), theirs = tables[name]!;
    return ours.length !== theirs.length || ours.some((value, index) => value !== theirs[index]);
  });
}
