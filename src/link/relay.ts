/**
 * Leads connections that come over standard input and output to a link's control socket.
 *
 * ```sh
 * docker exec -i LINK deno run -A --no-config /socklab/src/link/relay.ts --socket /run/lab/control.sock
 * ```
 *
 * Begins with the ready line of `src/mux` and ends when its standard input does. Where no link answers, it says so
 * in one line on standard error, exit status 3.
 */
import { acceptMux, MUX_VERSION, splice } from "../mux/mod.ts";

async function main([option, path, ...more]: string[]): Promise<number> {
  if (option !== "--socket" || path === undefined || more.length > 0) {
    throw new Error("Start the relay with --socket PATH and nothing else");
  }
  const connect = () => Deno.connect({ transport: "unix", path });
  try {
    (await connect()).close();
  } catch (cause) {
    throw new Error(`Start the lab first: no link answers at ${path}`, { cause });
  }
  console.log(JSON.stringify({ v: 1, ready: true, mux: MUX_VERSION }));
  const streams = { readable: Deno.stdin.readable, writable: Deno.stdout.writable };
  const fault = await acceptMux(streams, (channel) => {
    // A link that has ended is a connection that ends.
    connect().then((to) => splice(channel, to), () => channel.close());
  });
  if (fault !== null) throw fault;
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(3);
  }
}
