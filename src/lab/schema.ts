/**
 * Checks a value against a JSON schema, as much of the language as `lab.schema.json` uses, and says
 * in one line what to write instead. A fault's advice is the `description` of the field at fault.
 */
import { nearest } from "./nearest.ts";

/** The part of JSON schema (draft 2020-12) that is understood. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  enum?: readonly unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  required?: readonly string[];
  properties?: Record<string, Schema>;
  propertyNames?: Schema;
  additionalProperties?: boolean | Schema;
  description?: string;
}

/** Returns what is wrong with `value`, as advice in one line without the file's name, or null if nothing is. */
export function faultOf(value: unknown, schema: Schema): string | null {
  return check(value, schema, "", schema.$defs ?? {});
}

function check(
  value: unknown,
  schema: Schema,
  path: string,
  defs: Record<string, Schema>,
): string | null {
  const rule = { ...defs[schema.$ref?.split("/").pop() ?? ""], ...schema };
  if (!fits(value, rule)) {
    const field = path === "" ? "the manifest" : path;
    return `write ${field} as ${wanted(rule)}, not ${shown(value)}`;
  }
  if (Array.isArray(value) && rule.items) {
    for (const [i, item] of value.entries()) {
      const fault = check(item, rule.items, `${path}[${i}]`, defs);
      if (fault !== null) return fault;
    }
  }
  if (rule.type === "object") {
    return checkFields(value as Record<string, unknown>, rule, path, defs);
  }
  return null;
}

function checkFields(
  value: Record<string, unknown>,
  rule: Schema,
  path: string,
  defs: Record<string, Schema>,
): string | null {
  const properties = rule.properties ?? {};
  const inside = (key: string) => path === "" ? key : `${path}.${key}`;
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(properties, key)) continue;
    if (typeof rule.additionalProperties !== "object") {
      const meant = nearest(key, Object.keys(properties).filter((name) => !(name in value)));
      return `remove ${inside(key)}` +
        (meant === undefined ? "" : `, or write it as ${inside(meant)}`);
    }
    if (!fits(key, rule.propertyNames ?? {})) {
      return `rename ${inside(key)}: lower-case letters, digits and underscores`;
    }
  }
  for (const key of rule.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    return `add ${inside(key)}: ${properties[key]?.description ?? "it is missing"}`;
  }
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(properties, key) ? properties[key] : rule.additionalProperties;
    const fault = typeof field === "object" ? check(item, field, inside(key), defs) : null;
    if (fault !== null) return fault;
  }
  return null;
}

function fits(value: unknown, rule: Schema): boolean {
  if (rule.enum && !rule.enum.includes(value)) return false;
  if (rule.type === "integer" && !Number.isInteger(value)) return false;
  if (rule.type === "string" && typeof value !== "string") return false;
  if (rule.type === "array" && !Array.isArray(value)) return false;
  if (rule.type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  if (typeof value === "number") {
    return value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity);
  }
  if (typeof value === "string" && rule.pattern) return new RegExp(rule.pattern, "u").test(value);
  return true;
}

function wanted(rule: Schema): string {
  if (rule.enum) return rule.enum.map((value) => JSON.stringify(value)).join(" or ");
  const about = rule.description ? ` (${rule.description})` : "";
  if (rule.type !== "integer") {
    const article = rule.type === "array" || rule.type === "object" ? "an" : "a";
    return `${article} ${rule.type}${about}`;
  }
  const { minimum = 0, maximum } = rule;
  const range = maximum === undefined ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
  return `a whole number ${range}${about}`;
}

/** A value on one line, not endless. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
