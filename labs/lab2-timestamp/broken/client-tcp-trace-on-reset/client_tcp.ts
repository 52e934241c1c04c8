/** Wrong on purpose: does not catch that its connection was reset. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "21567" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});
const server = `${options.host}:${options.port}`;

const connection = await connect();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => end("Client stopped\n"));
}

const answers = lines(connection);
prompt();
for await (const line of lines(Deno.stdin)) {
  const message = withoutEnd(line);
  if (message.length === 0) end();
  print(withoutEnd(await ask(message)));
  print(utf8("\n"));
  prompt();
}
end("\n"); // The input has ended (Ctrl-D) where a line was asked for.

async function ask(message: Uint8Array): Promise<Uint8Array> {
  await send(concat([message, utf8("\r\n")]));
  const { value: answer } = await answers.next();
  if (answer?.at(-1) === LINE_FEED) return answer;
  fail(`${server} closed the connection without an answer`);
}

async function* lines(source: typeof Deno.stdin | Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array();
  while (true) {
    const length = await source.read(buffer);
    if (length === null) break;
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(LINE_FEED)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, end + 1);
    }
  }
  if (bytes.length > 0) yield bytes;
}

function withoutEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) === LINE_FEED) line = line.subarray(0, -1);
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

async function send(bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function prompt() {
  print(utf8("> "));
}

function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
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

function end(say = ""): never {
  connection.close();
  print(utf8(say));
  Deno.exit(0);
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
