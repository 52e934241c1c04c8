import { expect, test } from "vitest";
import { labelsOf, OWNER, ownerOf, PLACE, TESTBED, thisPlace } from "./labels.ts";

const ours = labelsOf({ id: "1a2b", lab: "lab3", kind: "run", state: "/s" });

test("labelsOf() says whose something is, and what it is part of", () => {
  expect(ours).toMatchObject({ [TESTBED]: "1a2b", "socklab.lab": "lab3", "socklab.kind": "run" });
  expect(ours[OWNER]).toMatch(new RegExp(`^${Deno.pid}:\\d+$`));
});

test("ownerOf() tells who runs from who has gone, also where a number came again", () => {
  expect(ownerOf(ours)).toBe("here");
  expect(ownerOf({ ...ours, [OWNER]: `${Deno.pid}:1` })).toBe("gone");
  expect(ownerOf({ ...ours, [OWNER]: "4194305:1" })).toBe("gone");
});

test("ownerOf() does not judge processes of another machine, boot or container", () => {
  expect(ownerOf({ ...ours, [PLACE]: `${thisPlace()}0` })).toBe("elsewhere");
  expect(ownerOf({})).toBe("elsewhere");
});
