/** Wrong on purpose: lets the error of a connection that cannot be made end the program. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "21567" },
});
const connection = await connect();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => end("Client stopped\n"));
}

const answers = lines(connection);
print(utf8("> "));
for await (const line of lines(Deno.stdin)) {
  if (line.length === 0) end();
  print(concat([await ask(line), utf8("\n> ")]));
}
end("\n");

async function ask(line: Uint8Array): Promise<Uint8Array> {
  try {
    await send(concat([line, utf8("\r\n")]));
    const { value: answer } = await answers.next();
    if (answer !== undefined) return answer;
  } catch (error) {
    fail(`lost the connection: ${(error as Error).message}`);
  }
  fail("the server closed the connection");
}

async function send(bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function connect(): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: options.host, port: Number(options.port) });
}

function end(say = ""): never {
  connection.close();
  print(utf8(say));
  Deno.exit(0);
}

function fail(message: string): never {
  console.error(`client: ${message}`);
  Deno.exit(1);
}

async function* lines(source: typeof Deno.stdin | Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array();
  for (let length; (length = await source.read(buffer)) !== null;) {
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(0x0a)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, bytes[end - 1] === 0x0d ? end - 1 : end);
    }
  }
  if (bytes.length > 0) yield bytes;
}

function print(bytes: Uint8Array) {
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
