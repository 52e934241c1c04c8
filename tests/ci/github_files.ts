/**
 * Files of GitHub Actions, read by the rules that GitHub publishes: its own schemas of workflows and of actions, and its own
 * parser, of expressions too (`@actions/workflow-parser`).
 */
import { JSONObjectReader } from "@actions/workflow-parser/templates/json-object-reader";
import { TemplateSchema } from "@actions/workflow-parser/templates/schema/template-schema";
import {
  TemplateContext,
  TemplateValidationErrors,
} from "@actions/workflow-parser/templates/template-context";
import { readTemplate } from "@actions/workflow-parser/templates/template-reader";
import { NoOperationTraceWriter } from "@actions/workflow-parser/templates/trace-writer";
import { YamlObjectReader } from "@actions/workflow-parser/workflows/yaml-object-reader";
import { ROOT } from "./checkout.ts";

/** The package's own modules load them as Deno does not. */
const SCHEMAS = `${ROOT}/node_modules/@actions/workflow-parser/dist`;

/** What a file may be, and what its whole is called in its schema. */
const KINDS = { workflow: "workflow-root-strict", action: "action-root-strict" } as const;

/** Returns what is wrong with a file, each with its place: `(Line: 3, Col: 5): …`. */
export function githubFaults(kind: keyof typeof KINDS, text: string): string[] {
  const schema = Deno.readTextFileSync(`${SCHEMAS}/${kind}-v1.0.min.json`);
  const context = new TemplateContext(
    new TemplateValidationErrors(),
    TemplateSchema.load(new JSONObjectReader(undefined, schema)),
    new NoOperationTraceWriter(),
  );
  const file = context.getFileId("");
  const reader = new YamlObjectReader(file, text);
  if (reader.errors.length > 0) return reader.errors.map(({ message }) => message);
  readTemplate(context, KINDS[kind], reader, file);
  return context.errors.getErrors().map(({ message }) => message);
}
