/** Wrong on purpose: does not handle signals. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "21567" },
});

print(utf8("> "));
for await (const line of lines(Deno.stdin)) {
  if (line.length === 0) Deno.exit(0);
  print(concat([await ask(line), utf8("\n> ")]));
}
print(utf8("\n"));

async function ask(line: Uint8Array): Promise<Uint8Array> {
  using connection = await connect();
  try {
    await connection.write(concat([line, utf8("\r\n")]));
    const buffer = new Uint8Array(65_536);
    let answer = new Uint8Array();
    for (let length; (length = await connection.read(buffer)) !== null;) {
      answer = concat([answer, buffer.subarray(0, length)]);
    }
    if (answer.length === 0) fail("the server closed the connection without an answer");
    return answer;
  } catch (error) {
    fail(`lost the connection: ${(error as Error).message}`);
  }
}

async function connect(): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname: options.host, port: Number(options.port) });
  } catch (error) {
    fail(`cannot connect to ${options.host}: ${(error as Error).message}`);
  }
}

function fail(message: string): never {
  console.error(`client: ${message}`);
  Deno.exit(1);
}

async function* lines(source: typeof Deno.stdin): AsyncGenerator<Uint8Array> {
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
