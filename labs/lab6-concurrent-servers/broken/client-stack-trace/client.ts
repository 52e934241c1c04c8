/** Wrong on purpose: lets whatever connect, read or write throws end it. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "12000" },
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
prompt();
for await (const line of lines()) {
  // We send and read at the same time. Were a very long line sent first and its answer read
  // afterwards, the answer would fill all buffers on its way; then the server waits for room, reads
  // no more, and we wait for room as well: for ever.
  await Promise.all([send(line), printAnswer(line.length)]);
  prompt();
}
connection.close();
Deno.exit(0);

/** Sends all of it. One write takes only as much as there is room for, and says how much that was. */
async function send(bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Prints an answer: so many bytes, whatever number of reads brings them. */
async function printAnswer(length: number) {
  const buffer = new Uint8Array(16_384);
  for (let missing = length; missing > 0;) {
    const read = await connection.read(buffer.subarray(0, missing));
    if (read === null) fail(`${server} closed the connection with ${missing} bytes still to come`);
    missing -= read;
    print(buffer.subarray(0, read));
  }
}

/** Prints bytes as they are: they need not be text. */
function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

/** What is typed, as lines with their ends. */
async function* lines(): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = [];
  for await (let chunk of Deno.stdin.readable) {
    for (let end; (end = chunk.indexOf(LINE_FEED) + 1) > 0; chunk = chunk.subarray(end)) {
      yield concat([...begun, chunk.subarray(0, end)]);
      begun = [];
    }
    begun.push(chunk);
  }
  const rest = concat(begun);
  if (rest.length > 0) yield concat([rest, utf8("\n")]);
}

async function connect(): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: options.host, port: Number(options.port) });
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fail(message: string, status = 1): never {
  console.error(`client: ${message}`);
  Deno.exit(status);
}
