/**
 * What lab 6 says of its servers, held against them: with one loop and with threads they lose none of 1,000 clients that
 * speak, nor of 10,000 that are silent; one that serves a client at a time keeps the others waiting.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientProgram, serverProgram } from "../../scripts/lab_programs.ts";
import { type StartedTestbed, startTestbed } from "../../src/engine/mod.ts";
import { findLab, pairWith, parseSwarmResult, type SwarmResult } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";

const LAB = findLab(ROOT, "lab6");
const WIRE = { profile: "", script: "" };
/** Those that many clients may come to at once. */
const SERVERS = ["server_event_loop", "server_threads"];
const IDLE = 10_000;
/** Milliseconds: ten thousand clients come in five seconds where nobody else has work for the machine. */
const TIMEOUT = 240_000;

/** Descriptors that a program may have: one for each connection, and some dozens of its own. */
const files = Number(
  /^Max open files +\S+ +(\d+)/m.exec(Deno.readTextFileSync("/proc/self/limits"))?.[1],
);
const tooFew = files < IDLE + 1_000 ? `${files} open files (ulimit -Hn)` : "";

/** What a swarm of this lab tells besides. */
interface Swarm extends SwarmResult {
  waiting: number;
  connections: number;
  idle_answered: number;
}

describe.skipIf(cannotRun !== "")(
  `lab6's servers and the swarm${cannotRun && ` (${cannotRun})`}`,
  () => {
    let bed: StartedTestbed;
    beforeAll(async () => {
      bed = await startTestbed("local", {
        lab: "lab6",
        driver: "tun",
        clients: SERVERS.length + 1,
      });
      await bed.begin(WIRE, WIRE);
    });
    afterAll(() => bed?.[Symbol.asyncDispose]());

    /**
     * Starts a server, and lets a swarm come; resolves to what it tells. Ports of its host are in TIME-WAIT behind it: of
     * twenty thousand, the kernel takes long to find one that is free.
     */
    async function swarm(
      server: string,
      clients: number,
      { more = [], host = 1 }: { more?: string[]; host?: number } = {},
    ): Promise<Swarm> {
      const pair = pairWith(LAB, server);
      const out = Deno.makeTempDirSync({ prefix: "socklab-lab6-" });
      try {
        await using serving = await bed.startServer(serverProgram(ROOT, pair, { out }).spec);
        const { port } = LAB.manifest;
        const { listening } = await bed.awaitListening({ proto: "tcp", port, timeoutMs: 20_000 });
        expect(listening).toBe(true);
        void serving.stdout.cancel();
        void serving.stderr.cancel();
        const { spec } = clientProgram(ROOT, pair, {
          host: bed.serverAddress,
          mode: "swarm",
          swarm: clients,
          count: 5,
          interval_ms: 100,
        });
        const command = [...spec.command, "--seconds", "60", ...more];

        await using coming = await bed.startClient({ ...spec, command, host });
        const [said, faults] = await Promise.all([
          new Response(coming.stdout).text(),
          new Response(coming.stderr).text(),
        ]);
        expect(faults).toBe("");
        const result = parseSwarmResult(said.trim().split("\n").at(-1) ?? "");
        expect(result, said).not.toBeNull();
        return result as Swarm;
      } finally {
        Deno.removeSync(out, { recursive: true });
      }
    }

    for (const [i, server] of SERVERS.entries()) {
      const host = 2 + i;
      test.each([10, 100, 1_000])(`${server} loses none of %i clients`, async (clients) => {
        const { answers, refused, waiting, connections, next_ms } = await swarm(server, clients);
        expect({ answers, refused, waiting }).toEqual({
          answers: 5 * clients,
          refused: 0,
          waiting: 0,
        });
        // None that was lost has come again.
        expect(connections).toBe(clients);
        expect(next_ms).not.toBeNull();
      }, TIMEOUT);

      test.skipIf(tooFew !== "")(
        `${server} holds ${IDLE} idle clients, and answers each at last${tooFew && ` (${tooFew})`}`,
        async () => {
          const result = await swarm(server, 10, { more: ["--idle", String(IDLE)], host });
          expect(result).toMatchObject({
            answers: 50,
            refused: 0,
            waiting: 0,
            idle_answered: IDLE,
          });
        },
        TIMEOUT,
      );
    }

    test(
      "server_processes serves ten clients with a process each, and turns nobody away",
      async () => {
        const result = await swarm("server_processes", 10);
        expect(result).toMatchObject({ answers: 50, refused: 0, waiting: 0, connections: 10 });
      },
      TIMEOUT,
    );

    test(
      "server_iterative lets everybody wait for one idle client, and the idle one has its answer",
      async () => {
        const result = await swarm("server_iterative", 10, {
          more: ["--idle", "1", "--seconds", "2"],
        });
        expect(result).toMatchObject({ answers: 0, waiting: 10, next_ms: null, idle_answered: 1 });
      },
      TIMEOUT,
    );

    test("server_once takes a connection for each message", async () => {
      const result = await swarm("server_once", 10);
      expect(result).toMatchObject({ answers: 50, refused: 0, waiting: 0, connections: 50 });
    }, TIMEOUT);
  },
);

test("the starter's swarm is the solution's: it is there to be used, not to be written", () => {
  const [starter, solution] = ["starter", "solution"].map((folder) =>
    Deno.readTextFileSync(`${LAB.folder}/${folder}/swarm.ts`)
  );
  expect(starter).toBe(solution);
});
