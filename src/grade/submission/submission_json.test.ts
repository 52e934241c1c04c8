import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { RejectedError } from "./rejected_error.ts";
import { parseSubmission } from "./submission_json.ts";
import schema from "./submission.schema.json" with { type: "json" };

const validate = new Ajv2020.default({ strict: true, strictTuples: false }).compile(schema);

const parse = (value: unknown) => parseText(JSON.stringify(value));
const parseText = (text: string) =>
  parseSubmission(new TextEncoder().encode(text), ["server", "client", "server_udp"]);

test("parseSubmission() returns the commands by program, and the image", () => {
  const whole = {
    $schema: "submission.schema.json",
    server: ["python3", "-u", "server.py"],
    server_udp: ["./server", ""],
    image: "python",
  };
  expect(validate(whole)).toBe(true);
  const { commands, image } = parse(whole);
  expect(Object.fromEntries(commands)).toEqual({
    server: ["python3", "-u", "server.py"],
    server_udp: ["./server", ""],
  });
  expect(image).toBe("python");
});

test("parseSubmission() leaves to others what is not said", () => {
  const { commands, image } = parseText("\ufeff{}\n");
  expect([commands.size, image]).toEqual([0, null]);
});

test.each<[string, unknown, string | RegExp]>([
  ["a list", [], 'Write an object, {"server": ["python3", "server.py"]}, in submission.json'],
  ["null", null, /^Write an object/],
  [
    "a command as one text",
    { server: "python3 server.py" },
    'Give "server" a list of words, ["python3", "server.py"],',
  ],
  ["a command of nothing", { server: [] }, /^Give "server" a list/],
  ["an empty executable", { server: [""] }, /^Give "server" a list/],
  ["a number in a command", { server: ["python3", 7] }, /^Give "server" a list/],
  ["NUL in an executable", { server: ["a\0b"] }, /^Give "server" a list/],
  ["NUL in a word", { server: ["a", "b\0"] }, /^Give "server" a list/],
  ["a word too long", { server: ["x".repeat(5000)] }, /^Give "server" a list/],
  ["too many words", { server: Array(65).fill("x") }, /^Give "server" a list/],
  [
    "a number for an image",
    { image: 7 },
    /^Give "image" the name of an image, such as "python", in submission\.json$/,
  ],
  ["an option for an image", { image: "-v" }, /^Give "image"/],
  ["an image with a space", { image: "a b" }, /^Give "image"/],
  [
    "a name with a space",
    { "a b": [] },
    /^Use the names server, client, server_udp or image in submission\.json, not/,
  ],
  ["a name of another kind", JSON.parse('{"__proto__": ["x"]}'), /, not '__proto__'$/],
])("parseSubmission() rejects %s, as the schema does", (_, value, message) => {
  expect(() => parse(value)).toThrow(RejectedError);
  expect(() => parse(value)).toThrow(message);
  expect(validate(value)).toBe(false);
});

test("parseSubmission() names the program that may have been meant", () => {
  expect(() => parse({ severr: ["x"] })).toThrow(/, not 'severr' \(did you mean server\?\)$/);
});

test.each([
  ["a token", '{"a": x\x1b}', /^Write valid JSON in submission\.json: .+␛.+$/],
  ["nothing", "", /^Write valid JSON/],
  ["too much", " ".repeat(70_000), "Use 64 KiB at most in submission.json: it has 70000 bytes"],
])("parseSubmission() says in one line what is wrong with it: %s", (_, text, message) => {
  expect(() => parseText(text)).toThrow(message);
});

test("parseSubmission() wants UTF-8", () => {
  const bytes = new Uint8Array([0x22, 0xff, 0x22]);
  expect(() => parseSubmission(bytes, [])).toThrow(
    "Write valid JSON in submission.json: its bytes are no UTF-8",
  );
});
