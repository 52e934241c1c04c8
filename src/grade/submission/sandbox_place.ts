/** Where a submission's files lie in a sandbox. */
import { SANDBOX_FOLDER, SANDBOX_LOGS } from "../../engine/mod.ts";
import type { SubmissionPlace } from "./way.ts";

/** The sandbox's own folders, and the tools of our images. */
export const SANDBOX_PLACE: SubmissionPlace = {
  folder: SANDBOX_FOLDER,
  deno: "deno",
  imports: "/opt/socklab/imports.json",
  // What programs have written is gone when the next one starts.
  cache: null,
  logs: SANDBOX_LOGS,
};
