/**
 * The UDP uppercase server: answers each datagram with a-z turned to A-Z.
 *
 *     deno run --unstable-net --allow-net server.ts [--host 0.0.0.0] [--port 12000] [--verbose]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  boolean: ["verbose"],
  default: { host: "0.0.0.0", port: "12000" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

// 0.0.0.0 stands for every interface of this machine. On 127.0.0.1 only clients on the very same
// machine could reach us.
const socket = bind(options.host, Number(options.port));

// Nobody tells a client that the server has gone: UDP has no connection that could be closed.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    socket.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = socket.addr as Deno.NetAddr;
console.log(`Server listens on UDP ${here.hostname}:${here.port}`);

// One read takes one whole datagram. What does not fit into the buffer is thrown away, it does not
// wait for the next read as TCP's bytes do: so there is room for the largest datagram there is.
const buffer = new Uint8Array(65_535);

while (true) {
  const [request, client] = await socket.receive(buffer);
  // There is one socket for all clients. Each datagram brings its sender's address along, and the
  // answer must go there: the next datagram may be somebody else's.
  try {
    await socket.send(uppercase(request), client);
    if (options.verbose) console.log(`${request.length} bytes for ${address(client)}`);
  } catch (error) {
    // Such as no route back to this client. The others still want their answers.
    console.error(`server: no answer sent to ${address(client)}: ${(error as Error).message}`);
  }
}

/** Turns the bytes of a-z to A-Z and leaves every other byte alone: they need not be text. */
function uppercase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}

function bind(hostname: string, port: number): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(`port ${port} is taken: stop the program that has it, or choose another with --port`);
    }
    fail(`cannot listen on ${hostname}:${options.port}: ${(error as Error).message}`);
  }
}

function address(client: Deno.Addr): string {
  const { hostname, port } = client as Deno.NetAddr;
  return `${hostname}:${port}`;
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
