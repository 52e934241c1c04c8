/** Jobs whose steps are lines of a shell, as GitLab's runner runs them: one after the other in one shell, until one fails. */
import { parse } from "@std/yaml/parse";

/** What our template for GitLab holds, as far as it is run. */
interface GitlabFile {
  variables: Record<string, string>;
  [job: string]: unknown;
}

/** A job of GitLab's: what it runs, and with which variables. */
export interface GitlabJob {
  script: string;
  variables: Record<string, string>;
}

/** Returns a file's job of that name. */
export function gitlabJob(text: string, name: string): GitlabJob {
  const file = parse(text) as GitlabFile;
  const job = file[name] as {
    variables?: Record<string, string>;
    before_script?: string[];
    script: string[];
  };
  return {
    script: ["set -eo pipefail", ...job.before_script ?? [], ...job.script].join("\n"),
    variables: { ...file.variables, ...job.variables },
  };
}
