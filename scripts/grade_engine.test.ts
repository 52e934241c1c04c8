import { afterEach, expect, test } from "vitest";
import { gradeEngine } from "./grade_engine.ts";

const before = Deno.env.get("LAB_ENGINE");
afterEach(() => {
  if (before === undefined) Deno.env.delete("LAB_ENGINE");
  else Deno.env.set("LAB_ENGINE", before);
});

test("what nobody trusts is not graded on the local engine, whoever asks for that", async () => {
  const refusal = /^Use --engine docker, or add --trust: on the local engine .* files$/;
  await expect(gradeEngine({ engine: "local", trust: false })).rejects.toThrow(refusal);
  Deno.env.set("LAB_ENGINE", "local");
  await expect(gradeEngine({ trust: false })).rejects.toThrow(refusal);
  expect(await gradeEngine({ trust: true })).toBe("local");
});

test("the local engine has no images", async () => {
  await expect(gradeEngine({ engine: "local", trust: true, image: "python" })).rejects.toThrow(
    /or leave out --image: the local engine has no images$/,
  );
});

test("containers take what nobody trusts", async () => {
  expect(await gradeEngine({ engine: "docker", trust: false, image: "python" })).toBe("docker");
});
