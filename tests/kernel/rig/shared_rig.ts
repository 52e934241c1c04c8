/** The rig that all test files share: Vitest's own process holds it, and starts it when the first file asks. */
import type { TestProject } from "vitest/node";
import { ROOT } from "./checkout.ts";
import { Rig } from "./rig.ts";

/** What a file that asks is told. `log` is the file with what the console shows. */
export type RigAnswer = { server: number; docker: number; log: string } | { fault: string };

declare module "vitest" {
  interface ProvidedContext {
    /** Where to ask for the rig. */
    rig: string;
  }
}

/** Vitest's global set-up; returns what ends it. */
export default function setup(project: TestProject): () => Promise<void> {
  const log = `${ROOT}/out/rig.log`;
  const ending = new AbortController();
  let started: Promise<Rig> | undefined;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
    try {
      started ??= Rig.start({ log, signal: ending.signal });
      const { server, docker } = (await started).address;
      return Response.json({ server, docker, log } satisfies RigAnswer);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      return Response.json({ fault } satisfies RigAnswer);
    }
  });
  project.provide("rig", `http://127.0.0.1:${server.addr.port}/`);
  return async () => {
    ending.abort();
    const rig = await started?.catch(() => undefined);
    await rig?.[Symbol.asyncDispose]();
    await server.shutdown();
  };
}
