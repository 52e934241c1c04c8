/** Markdown, read by cmark-gfm: GitHub's own dialect and its extensions. */
import { expect, test } from "vitest";
import { oneLine } from "../printable.ts";
import { markdown, submissionMarkdown } from "./markdown.ts";
import { read } from "./readers_for_test.ts";
import { HOSTILE_BATCH, MIXED } from "./results_for_test.ts";

const READER = [
  ...["cmark-gfm", "--unsafe"],
  ...["table", "autolink", "strikethrough", "tasklist"].flatMap((name) => ["-e", name]),
];

/** The tags of a document of HTML. */
const tags = (html: string) => [...html.matchAll(/<\/?([a-z0-9]+)[^>]*>/gi)].map(([tag]) => tag);
/** Its text, without them. */
const plain = (html: string) =>
  html.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&amp;", "&");

test(
  "markdown() is a table and a fold for each that has something to read",
  async (context) => {
    const html = await read(context, READER, markdown(MIXED));
    const rows = [...html.matchAll(/<tr>\s*(.*?)\s*<\/tr>/gs)].map(([, row = ""]) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = ""]) => plain(cell))
    );
    expect(rows.slice(1)).toEqual([
      ["✅", "ada", "20 of 20 points", "", ""],
      ["❌", "bob", "5 of 20 points", "3", ""],
      ["❓", "carol", "5 of 17 points", "1", "2"],
      ["⚠️", "dave", "rejected", "", ""],
      ["⚠️", "erin", "unfinished", "", ""],
    ]);
    const folds = [...html.matchAll(/<summary>(.*)<\/summary>/g)].map(([, text = ""]) =>
      plain(text)
    );
    expect(folds).toEqual([
      "❌ bob: 5 of 20 points",
      "❓ carol: 5 of 17 points",
      "⚠️ dave",
      "⚠️ erin",
    ]);
    expect(html).toContain("<p><strong>Hint:</strong> Look at two</p>");
    expect(html).toContain("Grade again: 2 checks came to no verdict (three, four)");
  },
);

test(
  "markdown() has no markup, link or picture in it that a stranger wrote",
  async (context) => {
    const documents = [
      markdown(HOSTILE_BATCH),
      ...HOSTILE_BATCH.submissions.map(submissionMarkdown),
    ];
    for (const document of documents) {
      const html = await read(context, READER, document);
      for (const tag of tags(html)) {
        expect(tag).toMatch(
          /^<\/?(h1|h2|p|strong|table|thead|tbody|tr|t[hd]( align="right")?|details|summary|span|code( class="language-text")?|pre)>$/,
        );
      }
    }
  },
);

test("markdown() shows names as they are", async (context) => {
  const html = await read(context, READER, markdown(HOSTILE_BATCH));
  const names = [...html.matchAll(/<td><code>(.*?)<\/code><\/td>/g)].map(([, name = ""]) =>
    plain(name)
  );
  expect(names).toEqual(HOSTILE_BATCH.submissions.map(({ name }) => oneLine(name)));
});
