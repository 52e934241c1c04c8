/** What tells a run of a lab, by its transport and the rule of its answers. */
import type { LabManifest } from "../src/lab/mod.ts";
import { ConnectionTeller, DatagramTeller, type LineOptions } from "../src/run/mod.ts";
import { answerOptions } from "./answer_options.ts";

/** Whose run is told, and how. */
export interface TellerOptions {
  /** Requests that the client sends. Default: the lab's own. */
  count?: number | undefined;
  /** How many clients there are. */
  clients: number;
  colour: boolean;
  /** Address of the only client that is told, where others may share the link. */
  client?: string | undefined;
  /** Packets that had come up before it. */
  after: number;
}

/** Returns what tells a run of this lab. */
export function tellerOf(
  lab: LabManifest,
  options: TellerOptions,
): DatagramTeller | ConnectionTeller {
  const { count = lab.defaults.count ?? 0, clients, colour, client, after } = options;
  const { timeout_ms: timeoutMs } = lab.defaults;
  const lines: LineOptions = { timeoutMs, showClient: clients > 1, colour };
  if (lab.transport === "tcp") {
    return new ConnectionTeller(client === undefined ? {} : { client }, { ...lines, digits: 2 });
  }
  return new DatagramTeller({
    ...answerOptions(lab),
    timeoutMs,
    ...(client === undefined ? {} : { client, after }),
  }, { ...lines, digits: Math.max(2, String(count).length) });
}
