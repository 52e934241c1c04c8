/** What is handed in is started with the very words with which `./lab run` starts the same folder. */
import { expect, test } from "vitest";
import { clientProgram, serverProgram, toolsOf } from "../../scripts/lab_programs.ts";
import { placeOf, programsOf } from "../../src/grade/mod.ts";
import { handedIn, takeSnapshot } from "../../src/grade/submission/mod.ts";
import { discoverLabs, type Lab } from "../../src/lab/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";

const programs = discoverLabs(ROOT).flatMap((lab) =>
  programsOf(lab).map((program): [string, string, Lab] => [lab.manifest.id, program, lab])
);

test.each(programs)("%s's %s", (_, program, lab) => {
  const folder = `${lab.folder}/solution`, out = "/tmp/out", host = "10.77.0.2";
  const place = { folder, ...toolsOf(ROOT) };
  const handed = handedIn(takeSnapshot(folder), { lab, name: "solution" }).at(place);
  const { role, lab: paired } = placeOf(lab, program);
  const mode = paired.manifest.arguments.pinger === undefined ? "keyboard" : "pinger";
  const run = role === "server"
    ? serverProgram(ROOT, paired, { path: folder, out }).spec
    : clientProgram(ROOT, paired, { path: folder, host, mode }).spec;
  const { command, cwd, writes } = handed[role](program, { out, host, mode });
  expect({ command, cwd, writes }).toEqual({
    command: run.command,
    cwd: run.cwd,
    writes: run.writes,
  });
});
