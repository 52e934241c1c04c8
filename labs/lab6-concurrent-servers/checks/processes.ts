/** That processes end with their clients, and are waited for: a process that has ended stays as a zombie until then. */
import { type Bench, letEnd, type TestedProgram } from "../../../src/grade/mod.ts";
import { comeAndGo } from "./inputs.ts";

const CLIENTS = 12;
/** Processes that may be there beside those from before: some servers wait for the last when the next client comes. */
const SPARE = 3;

type Count = Awaited<ReturnType<TestedProgram["processes"]>>;

/** Clients come and go; the server then has hardly more processes than after the first. */
export async function checkProcessesEnd(bench: Bench) {
  const server = await bench.startServer();
  await bench.step("a client comes, is answered and closes", () => comeAndGo(bench));
  // Its process ends, or a pool is complete.
  await letEnd(bench, server);
  const before = await server.processes();
  await bench.step(`${CLIENTS} clients come, each is answered and closes`, async () => {
    for (let i = 0; i < CLIENTS; i++) await comeAndGo(bench);
  });
  await bench.step("their processes end", () => expectEnd(bench, server, before));
}

/** Fails where there are more than before, when clients have gone and time has passed. */
async function expectEnd(bench: Bench, server: TestedProgram, before: Count) {
  let more = { alive: 0, zombies: 0 };
  const ended = bench.until("the processes have ended", async () => {
    const now = await server.processes();
    if (now === null || before === null) return true;
    more = { alive: now.alive - before.alive, zombies: now.zombies - before.zombies };
    return more.alive + more.zombies <= SPARE || undefined;
  });
  if (await ended.catch(() => false)) return;
  if (more.zombies > SPARE) {
    bench.fail(
      `${more.zombies} processes have ended, but nobody waits for them: they stay, as zombies`,
    );
  }
  bench.fail(`${more.alive} processes more than before still run, though their clients have gone`);
}
