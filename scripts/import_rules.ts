/** Who may import what: DESIGN's arrows between rooms, and the rules for programs. Pure. */
import { lineAt, type Problem } from "./source_files.ts";

/** The rooms of `src`, and which rooms each may import. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  netem: [],
  packet: [],
  mux: [],
  link: ["mux", "netem", "packet"],
  engine: ["link", "mux", "netem", "packet"],
  lab: ["netem"],
  view: ["packet", "netem"],
  run: ["engine", "lab", "view", "packet", "netem", "link"],
  grade: ["engine", "link", "lab", "view", "packet", "netem", "run"],
};

/** Rooms that run in a browser unchanged. */
const BROWSER_ROOMS = new Set(["netem", "packet", "view"]);

/** What tests and benchmarks may import besides. */
const TEST_PACKAGES = [
  ...["vitest", "fast-check", "ajv", "tap-parser", "testcontainers", "gitlab-ci-local"],
  ...["@actions/expressions", "@actions/workflow-parser"],
];

/** What only the docker engine knows. */
const DOCKER_PACKAGES = ["dockerode", "docker-compose"];

/** One import as it is written. */
export interface Import {
  specifier: string;
  /** From 1. */
  line: number;
}

/**
 * Returns the imports and re-exports of a module as `deno fmt` lays them out: statements begin in
 * column 1, so that examples in comments and texts indented are none.
 */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const statement =
    /^(?:import\s+(?:type\s+)?[\w*{][^;"]*?|export\s+(?:type\s+)?(?:\{[^}]*\}|\*[^;"]*?))\s*from\s+"([^"]+)"|^import\s+"([^"]+)"/gm;
  for (const match of text.matchAll(statement)) {
    found.push({ specifier: match[1] ?? match[2] ?? "", line: lineAt(text, match.index) });
  }
  for (const match of text.matchAll(/^(?!\s*\*)(?:(?!\/\/).)*?\bimport\(\s*"([^"]+)"/gm)) {
    found.push({ specifier: match[1] ?? "", line: lineAt(text, match.index) });
  }
  return found;
}

/** Returns what in a file breaks the rules. `path` is relative to the checkout. */
export function importProblems(path: string, text: string): Problem[] {
  const problems: Problem[] = [];
  for (const { specifier, line } of importsOf(text)) {
    const message = faultOf(path, specifier);
    if (message) problems.push({ path, line, message });
  }
  const room = roomOf(path);
  if (room && BROWSER_ROOMS.has(room) && !isTest(path)) {
    for (const match of text.matchAll(/^(?!\s*(?:\*|\/\/|\/\*)).*?\bDeno\./gm)) {
      problems.push({
        path,
        line: lineAt(text, match.index),
        message: `Leave Deno out of src/${room}: it runs in a browser`,
      });
    }
  }
  return problems.sort((a, b) => a.line - b.line);
}

function faultOf(path: string, specifier: string): string | undefined {
  const program = /^labs\/[^/]+\/(?:starter|solution|broken\/[^/]+)\//.exec(path)?.[0];
  const target = specifier.startsWith(".") ? resolve(path, specifier) : undefined;
  if (program && !isTest(path)) {
    if (target?.startsWith(program) || /^(?:node:|@std\/)/.test(specifier)) return undefined;
    return `Import Deno's built-ins, @std and files of ${program} only, not ${specifier}`;
  }
  if (target === undefined) return packageFault(path, specifier);
  return fileFault(path, target);
}

function packageFault(path: string, specifier: string): string | undefined {
  const room = roomOf(path);
  if (/^(?:https?|npm|jsr):/.test(specifier)) {
    return `Name ${specifier} in deno.json's imports, the one place for versions`;
  }
  const named = (packages: readonly string[]) =>
    packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  if (named(DOCKER_PACKAGES) && !path.startsWith("src/engine/docker/")) {
    return `Keep ${specifier} to src/engine/docker`;
  }
  if (room === undefined || isTest(path)) return undefined;
  if (named(TEST_PACKAGES)) return `Import ${specifier} in tests only`;
  if (BROWSER_ROOMS.has(room)) return `Leave ${specifier} out of src/${room}: it runs in a browser`;
  return undefined;
}

function fileFault(path: string, target: string): string | undefined {
  const from = roomOf(path);
  const to = roomOf(target);
  if (from === undefined) {
    if (to === undefined || isDoor(target)) return undefined;
    return path.startsWith("tests/") && isInnerDoor(target) ? undefined : throughDoor(to, target);
  }
  if (to === undefined) return `Leave ${target} out of src: src imports nothing outside itself`;
  if (from === to) return undefined;
  const arrows = ARROWS[from];
  if (arrows === undefined) return `Add the room ${from} to the arrows in scripts/import_rules.ts`;
  if (!arrows.includes(to)) {
    return `Do without src/${to}: src/${from} imports ${arrows.join(", ") || "no other room"} only`;
  }
  return isDoor(target) ? undefined : throughDoor(to, target);
}

function throughDoor(room: string, target: string): string {
  return `Import src/${room}/mod.ts, the room's door, not ${target}`;
}

function isDoor(path: string): boolean {
  return /^src\/[^/]+\/mod\.ts$/.test(path);
}

/** The door of a folder inside a room: what tests on a real machine look at beside the room's own. */
function isInnerDoor(path: string): boolean {
  return /^src\/[^/]+\/[^/]+\/mod\.ts$/.test(path);
}

function isTest(path: string): boolean {
  return /\.(?:test|bench)\.ts$/.test(path);
}

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** Where a relative specifier leads, relative to the checkout. */
function resolve(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}
