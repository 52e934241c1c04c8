/**
 * The timestamp client over TCP: sends each line that you type, and prints the answer. One connection
 * carries all of them. An empty line ends it.
 *
 *     deno run --allow-net client_tcp.ts [--host server] [--port 21567]
 */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "21567" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const connection = await connect(options.host, Number(options.port));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    connection.close();
    console.log("Client stopped");
    Deno.exit(0);
  });
}

try {
  const answers = lines(connection);
  prompt();
  for await (const line of lines(Deno.stdin)) {
    if (line.length === 0) break;
    // The line end tells the server where the message ends: the stream itself does not.
    await send(concat([line, utf8("\r\n")]));
    const { value: answer } = await answers.next();
    if (answer === undefined) fail(`${options.host}:${options.port} closed the connection`);
    print(concat([answer, utf8("\n")]));
    prompt();
  }
} catch (error) {
  fail(`lost the connection to ${options.host}:${options.port}: ${(error as Error).message}`);
}
connection.close();

/** Lines as bytes, without their ends (LF, or CR and LF): what is typed, and what the server sends. */
async function* lines(source: typeof Deno.stdin | Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array();
  while (true) {
    // One read may bring a part of a line, or several: TCP carries bytes and knows no lines.
    const length = await source.read(buffer);
    if (length === null) break;
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(LINE_FEED)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, bytes[end - 1] === 0x0d ? end - 1 : end);
    }
  }
  if (bytes.length > 0) yield bytes;
}

/** Sends all of it: one write takes only as much as there is room for, and says how much that was. */
async function send(bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function prompt() {
  print(utf8("> "));
}

/** Prints bytes as they are: they need not be text. */
function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function connect(hostname: string, port: number): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname, port });
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof Deno.errors.ConnectionRefused) {
      fail(`${hostname}:${port} refused the connection: start the server first`);
    }
    if (message.includes("lookup")) {
      fail(`cannot find host ${hostname}: give its name or address with --host`);
    }
    fail(`cannot connect to ${hostname}:${options.port}: ${message}`);
  }
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
