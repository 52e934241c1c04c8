import { expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

const FOLDER = new URL(".", import.meta.url).pathname;

test("the starter's programs run: one answer, and not the date", async () => {
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  await using server = new TestProgram("lab4", "server", {
    path: FOLDER,
    args: ["--port", `${port}`],
  });
  await server.printed(/^Server listens/);
  await using client = new TestProgram("lab4", "client", {
    path: FOLDER,
    args: ["--host", "127.0.0.1", "--port", `${port}`],
  });
  expect(await client.exit()).toMatchObject({ code: 0, stdout: ["no idea", ""], stderr: [] });
  expect((await server.exit()).code).toBe(0);
});
