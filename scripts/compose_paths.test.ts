import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkPaths, pathInside } from "./compose_paths.ts";

let root: string;
beforeEach(() => {
  root = Deno.makeTempDirSync();
  Deno.mkdirSync(`${root}/my`);
  Deno.writeTextFileSync(`${root}/my/real.ts`, "");
});
afterEach(() => Deno.removeSync(root, { recursive: true }));

const inside = (path: string) => pathInside("LAB_SERVER", path, root);

describe("pathInside()", () => {
  test.each(["/home/me/server.ts", "../server.ts", "my/../../server.ts", "~/server.ts"])(
    "refuses %s, which leads out of the checkout",
    (path) => expect(() => inside(path)).toThrow(/^Give LAB_SERVER a path from the checkout/),
  );

  test("takes a path from the checkout on, whether it is there or not", () => {
    expect(inside("my/../yours/server.ts")).toBe("my/../yours/server.ts");
    expect(inside("..my/server.ts")).toBe("..my/server.ts");
    expect(inside("")).toBeUndefined();
  });

  test.each([
    ["server.ts", "/home/me/server.ts", "server.ts"],
    ["my/server.ts", "../../server.ts", "my/server.ts"],
    ["yours", "../yours", "yours/server.ts"],
  ])("refuses a link %s to %s", (link, target, path) => {
    Deno.symlinkSync(target, `${root}/${link}`);
    expect(() => inside(path)).toThrow(
      `Copy the file into the checkout, or give LAB_SERVER another: ${path} is a link to ${target}, which containers do not see`,
    );
  });

  test("takes links that stay in the checkout, and leaves circles to who opens them", () => {
    Deno.symlinkSync("my", `${root}/yours`);
    Deno.symlinkSync("../yours/real.ts", `${root}/my/server.ts`);
    Deno.symlinkSync("round.ts", `${root}/round.ts`);
    expect(inside("yours/server.ts")).toBe("yours/server.ts");
    expect(inside("round.ts")).toBe("round.ts");
    // And a chain, whose end counts.
    Deno.symlinkSync("/away.ts", `${root}/my/away.ts`);
    Deno.symlinkSync("yours/away.ts", `${root}/chain.ts`);
    expect(() => inside("chain.ts")).toThrow("chain.ts is a link to /away.ts");
  });
});

describe("checkPaths()", () => {
  const check = (variables: Record<string, string>, ...given: string[]) => () =>
    checkPaths((name) => variables[name], given, root);

  test("names what the user has said: the variable, or the option that goes before it", () => {
    expect(check({ LAB_CLIENT: "/c.ts" })).toThrow("Give LAB_CLIENT a path");
    expect(check({ LAB_SERVER: "/s.ts" }, "--server=../s.ts")).toThrow("Give --server a path");
    expect(check({ LAB_SERVER: "/s.ts" }, "--server", "my/s.ts")).not.toThrow();
  });

  test("refuses lines from a file that the container does not see, and takes the keyboard", () => {
    expect(check({}, "--input", "/home/me/lines.txt")).toThrow("Give --input a path");
    expect(check({}, "--input", "-")).not.toThrow();
    expect(check({}, "--input", "my/lines.txt")).not.toThrow();
  });
});
