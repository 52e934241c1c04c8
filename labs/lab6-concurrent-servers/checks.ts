/** What is graded in lab 6: five servers with the same outside and a client, by the bytes that they send. */
import type { Check } from "../../src/grade/mod.ts";
import { clientChecks } from "./checks/client.ts";
import { serverOnceChecks } from "./checks/server_once.ts";
import { serverChecks } from "./checks/servers.ts";

/** The checks, in the order in which a student meets their subjects. */
export const checks: readonly Check[] = [...serverOnceChecks, ...serverChecks, ...clientChecks];
