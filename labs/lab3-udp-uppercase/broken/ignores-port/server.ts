/** Wrong on purpose: listens on port 12000, whatever `--port` says. */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  boolean: ["verbose"],
  default: { host: "0.0.0.0", port: "12000" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const socket = bind(options.host, 12_000);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    socket.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = socket.addr as Deno.NetAddr;
console.log(`Server listens on UDP ${here.hostname}:${here.port}`);

const buffer = new Uint8Array(65_535);

while (true) {
  const [request, client] = await socket.receive(buffer);
  try {
    await socket.send(uppercase(request), client);
    if (options.verbose) console.log(`${request.length} bytes for ${address(client)}`);
  } catch (error) {
    console.error(`server: no answer sent to ${address(client)}: ${(error as Error).message}`);
  }
}

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
