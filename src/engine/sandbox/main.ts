/** The agent's program: what the container of a sandbox runs. */
import { acceptMux, jsonLine, MUX_VERSION } from "../../mux/mod.ts";
import { SandboxAgent } from "./agent.ts";
import { limitProcesses } from "./process_limit.ts";
import { requireSandbox } from "./processes.ts";
import { SANDBOX_ENV } from "./protocol.ts";

requireSandbox();
Deno.umask(0o022);
const [uid, gid, memory, pids] = Deno.env.get(SANDBOX_ENV)!.split(":").map(Number);
limitProcesses(pids!);
const agent = new SandboxAgent({ uid: uid!, gid: gid!, memory: memory! });
Deno.stdout.writeSync(jsonLine({ v: 1, ready: true, mux: MUX_VERSION }));
const streams = { readable: Deno.stdin.readable, writable: Deno.stdout.writable };
const wrong = await acceptMux(streams, (connection) => void agent.serve(connection));
if (wrong !== null) console.error(wrong.message);
// The container ends with it, and what runs in there.
Deno.exit(wrong === null ? 0 : 3);
