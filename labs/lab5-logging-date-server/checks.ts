/** What is graded in lab 5: the logging date server, by its log folder and the wire, and its client. */
import type { Check } from "../../src/grade/mod.ts";
import { clientChecks } from "./checks/client.ts";
import { servingChecks } from "./checks/server.ts";
import { loggingChecks } from "./checks/server_logs.ts";
import { troubledLoggingChecks } from "./checks/server_logs_in_trouble.ts";

/** The checks, in the order in which a student meets their subjects. */
export const checks: readonly Check[] = [
  ...loggingChecks,
  ...troubledLoggingChecks,
  ...servingChecks,
  ...clientChecks,
];
