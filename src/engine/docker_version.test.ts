import { expect, test } from "vitest";
import { isRecent } from "./docker_version.ts";

test.each([
  ["20.10.24+dfsg1", true],
  ["20.10", true],
  ["28.2.2", true],
  ["19.03.15", false],
  ["20.09.1", false],
  ["5.2.0", false],
  ["", false],
  ["dev", false],
])("isRecent() of %s is %s", (version, recent) => {
  expect(isRecent(version)).toBe(recent);
});
