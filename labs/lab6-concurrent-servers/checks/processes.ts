/**
 * That processes end with their clients, by the memory that they hold together: how many there are, no engine can be
 * asked. So processes that share nearly all of their memory with the one that they were copied from (fork(2)) escape
 * where they stay, and so do those that have ended and are not waited for (wait(2)), which hold none.
 */
import type { Bench } from "../../../src/grade/mod.ts";

const CLIENTS = 12;
/** Bytes by which a server may have grown of itself. A dozen processes of any language that has a runtime hold more. */
const GROWTH = 40_000_000;

/** Clients come and go; the server and its processes then hold little more memory than before the first. */
export async function checkProcessesEnd(bench: Bench) {
  const server = await bench.startServer();
  const before = await server.memory() ?? 0;
  await bench.step(`${CLIENTS} clients come, each is answered and closes`, async () => {
    for (let i = 0; i < CLIENTS; i++) {
      const stream = await bench.connect();
      await stream.send("hello\n");
      await stream.expect("HELLO\n");
      await stream.close();
    }
  });
  await bench.step(
    "their processes end",
    () =>
      bench.until("the memory is free again that they had", async () => {
        const now = await server.memory();
        return now === null || now < before + GROWTH || undefined;
      }),
  );
}
