/** What is graded in lab 1: two servers and a client, by the bytes that they send. */
import type { Check } from "../../src/grade/mod.ts";
import { clientChecks } from "./checks/client.ts";
import { serverChecks } from "./checks/server.ts";
import { serverOnceChecks } from "./checks/server_once.ts";

/** The checks, in the order in which a student meets their subjects. */
export const checks: readonly Check[] = [...serverOnceChecks, ...serverChecks, ...clientChecks];
