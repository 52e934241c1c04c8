/**
 * The rigs that test files share, one for each worker: Vitest's own process holds them, and starts one when the first
 * file of a worker asks.
 */
import type { TestProject } from "vitest/node";
import { ROOT } from "./checkout.ts";
import { Rig } from "./rig.ts";

/** What a file that asks is told. `log` is the file with what the console shows. */
export type RigAnswer = { server: number; docker: number; log: string } | { fault: string };

declare module "vitest" {
  interface ProvidedContext {
    /** Where to ask for a rig; the worker's number goes behind it. */
    rig: string;
  }
}

/** Vitest's global set-up; returns what ends it. */
export default function setup(project: TestProject): () => Promise<void> {
  const ending = new AbortController();
  const rigs = new Map<string, Promise<Rig>>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    const worker = new URL(url).pathname.slice(1);
    const log = `${ROOT}/out/rig-${worker}.log`;
    try {
      let rig = rigs.get(worker);
      if (rig === undefined) rigs.set(worker, rig = Rig.start({ log, signal: ending.signal }));
      const { server, docker } = (await rig).address;
      return Response.json({ server, docker, log } satisfies RigAnswer);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      return Response.json({ fault } satisfies RigAnswer);
    }
  });
  project.provide("rig", `http://127.0.0.1:${server.addr.port}/`);
  return async () => {
    ending.abort();
    await Promise.all([...rigs.values()].map(async (starting) => {
      const rig = await starting.catch(() => undefined);
      await rig?.[Symbol.asyncDispose]();
    }));
    await server.shutdown();
  };
}
