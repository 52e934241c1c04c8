/** Wrong on purpose: says that an answer has come, and not which. */
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
  try {
    for (let sent = 0; sent < request.length;) {
      sent += await connection.write(request.subarray(sent));
    }
    const buffer = new Uint8Array(1_024);
    for (let length; (length = await connection.read(buffer)) !== null;) {
      last = buffer[length - 1];
    }
  } catch (error) {
    fail(`lost the connection to ${server}: ${(error as Error).message}`);
  }
  if (last === LINE_FEED) return console.log("The server has answered");
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
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) {
      fail(`${server} refused the connection: start the server first`);
    }
    const { message } = error as Error;
    if (message.includes("lookup")) {
      fail(`cannot find host ${options.host}: give its name or address with --host`);
    }
    fail(`cannot connect to ${server}: ${message}`);
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
