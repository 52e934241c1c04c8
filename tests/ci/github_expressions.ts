/** Expressions of GitHub Actions, evaluated by GitHub's own engine (`@actions/expressions`). */
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** The contexts: `inputs`, `steps` and others, by name. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What becomes of steps before this one: `always()`, `success()` and others. */
export interface JobStatus {
  failed: boolean;
}

/** Returns a text with what its `${{ }}` come to. */
export function filled(text: string, contexts: Contexts, status: JobStatus): string {
  return text.replace(
    /\$\{\{(.*?)\}\}/gs,
    (_, expression: string) => evaluated(expression, contexts, status).coerceString(),
  );
}

/** Returns whether an `if` lets its step run. Without a word about the status, it needs success. */
export function holds(condition: string, contexts: Contexts, status: JobStatus): boolean {
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  const asks = /\b(?:always|success|failure|cancelled)\(\)/.test(expression);
  if (!asks && status.failed) return false;
  const value = evaluated(expression, contexts, status);
  return !["false", "0", "", "null"].includes(value.coerceString());
}

function evaluated(expression: string, contexts: Contexts, { failed }: JobStatus) {
  const functions = Object.entries({
    always: true,
    success: !failed,
    failure: failed,
    cancelled: false,
  }).map(([name, value]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const named = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(parsed, known, named).evaluate();
}
