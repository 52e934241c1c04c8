/** An engine that is made up. */
import { afterEach } from "vitest";

/** What it answers, by `METHOD /path` without the API's version; the first that fits. */
export type Answers = [RegExp, (request: Request) => Response | Promise<Response>][];

/** Makes engines up, one for each test; each ends with its test. */
export interface FakeEngines {
  /** Serves one of this version in a folder; returns where, as DOCKER_HOST has it. */
  serve(folder: string, version: string, answers?: Answers): string;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Gives each test of a file an engine that is made up. */
export function useFakeEngine(): FakeEngines {
  let served: Deno.HttpServer | undefined;
  const stop = async () => {
    await served?.shutdown();
    served = undefined;
  };
  afterEach(stop);
  return {
    stop,
    serve(folder, version, answers = []) {
      const path = `${folder}/docker.sock`;
      const found: Answers = [...answers, [
        /^GET \/version/,
        () => Response.json({ Version: version, ApiVersion: "1.41", Os: "linux", Arch: "amd64" }),
      ]];
      const onError = () => new Response(null, { status: 500 });
      served = Deno.serve({ path, onListen() {}, onError }, async (request) => {
        const { pathname } = new URL(request.url);
        const asked = `${request.method} ${pathname.replace(/^\/v1\.\d+/, "")}`;
        const answer = found.find(([pattern]) => pattern.test(asked))?.[1];
        if (answer) return await answer(request);
        return Response.json({ message: `no such thing: ${asked}` }, { status: 404 });
      });
      return `unix://${path}`;
    },
  };
}

/** Returns the answers of one whose builds end in these words. */
export function failingBuild(error: string): Answers {
  return [[/^POST \/build/, async (request) => {
    await request.arrayBuffer();
    return new Response(`${JSON.stringify({ error })}\r\n`);
  }]];
}
