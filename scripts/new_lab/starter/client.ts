/**
 * The client, to be finished by you. It runs as it is: it connects, and closes again.
 *
 *     deno run --allow-net client.ts [--host server] [--port 7000]
 */
import { parseArgs } from "@std/cli/parse-args";

const { host, port } = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "7000" },
});
// TODO 3: if nobody listens there, print one line on standard error and exit with status 1.
const connection = await Deno.connect({ hostname: host, port: Number(port) });
console.log(`Connected to ${host}:${port}`);

// TODO 1: send what comes from standard input (Deno.stdin.readable).
// TODO 2: print what comes back, until the server has nothing more to say.
connection.close();
