/** Wrong on purpose: throws where its user should be told something. */
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "6015" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});
const server = `${options.host}:${options.port}`;

let connection: Deno.TcpConn | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    connection?.close();
    console.log("Client stopped");
    Deno.exit(0);
  });
}

const prompt = () => Deno.stdin.isTerminal() && Deno.stdout.writeSync(utf8("> "));
prompt();
for await (const line of lines()) {
  connection = await connect();
  await ask(connection, line);
  connection.close();
  connection = undefined;
  prompt();
}
Deno.exit(0);

async function ask(connection: Deno.TcpConn, request: Uint8Array) {
  let last: number | undefined;
  for (let sent = 0; sent < request.length;) {
    sent += await connection.write(request.subarray(sent));
  }
  const buffer = new Uint8Array(1_024);
  for (let length; (length = await connection.read(buffer)) !== null;) {
    last = buffer[length - 1];
    Deno.stdout.writeSync(buffer.subarray(0, length));
  }
  if (last === LINE_FEED) return;
  if (last !== undefined) console.log();
  fail(`${server} closed the connection before the end of an answer`);
}

async function* lines(): AsyncGenerator<Uint8Array> {
  let line: number[] = [];
  for await (const chunk of Deno.stdin.readable) {
    for (const byte of chunk) {
      line.push(byte);
      if (byte === LINE_FEED) yield new Uint8Array(line), line = [];
    }
  }
  if (line.length > 0) yield new Uint8Array([...line, LINE_FEED]);
}

async function connect(): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname: options.host, port: Number(options.port) });
  } catch (cause) {
    throw new Error(`no connection to ${server}`, { cause });
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
