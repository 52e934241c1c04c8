/** Wrong on purpose: connects to port 50000, whatever `--port` says. */
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "50000" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});
const server = `${options.host}:${options.port}`;

const connection = await connect();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    connection.close();
    console.log("Client stopped");
    Deno.exit(0);
  });
}

const prompt = () => Deno.stdin.isTerminal() && Deno.stdout.writeSync(utf8("> "));
try {
  prompt();
  for await (const line of lines()) {
    await Promise.all([send(line), printEcho(line.length)]);
    prompt();
  }
  await connection.closeWrite();
  await connection.read(new Uint8Array(1));
} catch (error) {
  fail(`lost the connection to ${server}: ${(error as Error).message}`);
}
connection.close();
Deno.exit(0);

async function send(bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function printEcho(length: number) {
  const buffer = new Uint8Array(65_536);
  for (let missing = length; missing > 0;) {
    const read = await connection.read(buffer.subarray(0, missing));
    if (read === null) fail(`${server} closed the connection with ${missing} bytes still to come`);
    missing -= read;
    print(buffer.subarray(0, read));
  }
}

function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
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
    return await Deno.connect({ hostname: options.host, port: 50_000 });
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
