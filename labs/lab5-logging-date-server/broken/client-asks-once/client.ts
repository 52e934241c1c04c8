/** Wrong on purpose: asks once, whatever is typed. */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "6015" },
});
let connection: Deno.TcpConn | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    connection?.close();
    console.log("Client stopped");
    Deno.exit(0);
  });
}

let typed = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  typed += text;
  for (let end = 0; (end = typed.indexOf("\n")) >= 0; typed = typed.slice(end + 1)) {
    await ask(typed.slice(0, end + 1)).catch(lost);
    Deno.exit(0);
  }
}
Deno.exit(0);

async function ask(request: string) {
  connection = await connect();
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(1_024);
  for (let length; (length = await connection.read(buffer)) !== null;) {
    Deno.stdout.writeSync(buffer.subarray(0, length));
    if (buffer[length - 1] === 0x0a) break;
  }
  connection.close();
  connection = undefined;
}

async function connect(): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname: options.host, port: Number(options.port) });
  } catch (error) {
    console.error(`client: cannot connect: ${(error as Error).message}`);
    Deno.exit(1);
  }
}

function lost(error: Error): never {
  console.error(`client: lost the connection: ${error.message}`);
  Deno.exit(1);
}
