/** What is graded in lab 4: a date server and its client, by the bytes that they send. */
import type { Check } from "../../src/grade/mod.ts";
import { clientChecks } from "./checks/client.ts";
import { serverChecks } from "./checks/server.ts";

/** The checks, in the order in which a student meets their subjects. */
export const checks: readonly Check[] = [...serverChecks, ...clientChecks];
