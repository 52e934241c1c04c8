import { expect, test } from "vitest";
import { uniqueNames } from "./unique_names.ts";

test.each([
  [[], []],
  [["/x/anna"], ["anna"]],
  [["/x/anna", "/x/ben"], ["anna", "ben"]],
  [["/a/anna", "/a/ben", "/b/ben"], ["anna", "a/ben", "b/ben"]],
  [["/1/a/x", "/2/a/x", "/3/b/x", "/x"], ["1/a/x", "2/a/x", "b/x", "x"]],
  [["/"], ["/"]],
])("uniqueNames(%j) is %j", (paths, names) => {
  expect(uniqueNames(paths)).toEqual(names);
});
