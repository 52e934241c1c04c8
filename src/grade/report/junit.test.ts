/** JUnit documents, checked by xmllint against the rules in `junit.xsd`, and read by Python's parser of XML. */
import { expect, test, type TestContext } from "vitest";
import type { GradedBatch } from "./graded.ts";
import { junit } from "./junit.ts";
import { read } from "./readers_for_test.ts";
import { batchOf, HOSTILE_BATCH, MIXED } from "./results_for_test.ts";

const SCHEMA = decodeURIComponent(new URL("junit.xsd", import.meta.url).pathname);

/** An element as Python found it. */
interface Element {
  tag: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

const PARSE = `
import json, sys
from xml.etree import ElementTree
def told(e):
    return {"tag": e.tag, "attributes": e.attrib, "text": e.text or "", "children": [told(c) for c in e]}
print(json.dumps(told(ElementTree.fromstring(sys.stdin.buffer.read()))))
`;

async function parsed(context: TestContext, batch: GradedBatch): Promise<Element> {
  return JSON.parse(await read(context, ["python3", "-c", PARSE], junit(batch)));
}

const cases = (suite: Element) => suite.children.filter(({ tag }) => tag === "testcase");

test("junit() keeps the rules of junit.xsd, whatever strangers wrote", async (context) => {
  for (const batch of [MIXED, HOSTILE_BATCH, batchOf([])]) {
    await read(context, ["xmllint", "--noout", "--schema", SCHEMA, "-"], junit(batch));
  }
});

test("junit() tells a program's failures from the grader's errors, and counts both", async (context) => {
  const { attributes, children } = await parsed(context, MIXED);
  expect(attributes).toMatchObject({ tests: "14", failures: "5", errors: "3", time: "9.500" });
  expect(
    children.map(({ attributes: { name, tests, failures, errors } }) =>
      [name, tests, failures, errors].join(" ")
    ),
  ).toEqual(["ada 4 0 0", "bob 4 3 0", "carol 4 1 2", "dave 1 1 0", "erin 1 0 1"]);
  expect(children[2]!.attributes)
    .toMatchObject({ timestamp: "2026-11-21T07:30:12", skipped: "0", hostname: "localhost" });
  const outcomes = cases(children[2]!).map(({ children }) =>
    children.map(({ tag, attributes }) => `${tag} ${attributes.type}: ${attributes.message}`).join()
  );
  expect(outcomes).toEqual([
    "",
    "failure fail: Other bytes came",
    "error inconclusive: Packet 2 was not lost",
    "error error: The machine broke",
  ]);
});

test("junit() has points among a suite's properties, none where there is no verdict", async (context) => {
  const { children } = await parsed(context, MIXED);
  const properties = Object.fromEntries(
    children[2]!.children[0]!.children.map(({ attributes: { name, value } }) => [name, value]),
  );
  expect(properties).toMatchObject({
    ...{ lab: "lab3", seed: "7", score: "5", max_score: "17" },
    ...{ "points.one": "5/5", "points.two": "0/5", "points.three": "?/5", "points.four": "?/2" },
  });
});

test("junit() gives each text back as it went in, but for what XML and terminals cannot bear", async (context) => {
  const { children } = await parsed(context, HOSTILE_BATCH);
  expect(children.length).toBe(HOSTILE_BATCH.submissions.length);
  for (const [index, { name }] of HOSTILE_BATCH.submissions.entries()) {
    // What Unicode calls letters, marks, figures, punctuation, symbols, and spaces.
    const bare = (text: string) =>
      text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\u2400-\u2421\ufffd]/gu, "");
    expect(bare(children[index]!.attributes.name!)).toBe(bare(name));
  }
});
