/** Wrong on purpose: names files log000.txt, log001.txt, … */
import { parseArgs } from "@std/cli/parse-args";

const { port, logs } = parseArgs(Deno.args, {
  string: ["port", "logs"],
  default: { port: "6015", logs: "logs" },
});
const listener = listen();
const connections = new Set<Deno.TcpConn>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    for (const connection of connections) connection.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}
console.log(`Server listens on TCP port ${port}`);

let next = 0;
for (const { name } of Deno.readDirSync(logs)) {
  const number = /^log(\d+)\.txt$/.exec(name)?.[1];
  if (number !== undefined) next = Math.max(next, Number(number) + 1);
}

while (true) serve(await listener.accept());

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  const { hostname, port } = connection.remoteAddr;
  try {
    const request = await readLine(connection);
    if (request === null) return;
    const date = now();
    try {
      log(`${date} ${hostname}:${port} ${escaped(request)}\n`);
    } catch (error) {
      console.error(`server: not logged: ${(error as Error).message}`);
    }
    await connection.write(new TextEncoder().encode(`${date}\n`));
  } catch (error) {
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

/** Whole or not at all, and one at a time: nothing is awaited in it. */
function log(line: string) {
  Deno.writeTextFileSync(`${logs}/part`, line);
  Deno.renameSync(`${logs}/part`, `${logs}/log${String(next).padStart(3, "0")}.txt`);
  next++;
}

async function readLine(connection: Deno.TcpConn): Promise<string | null> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1_024);
  for (let text = "";;) {
    const length = await connection.read(buffer);
    if (length === null) return null;
    text += decoder.decode(buffer.subarray(0, length), { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
}

function escaped(text: string): string {
  return JSON.stringify(text).replace(/\x7f/g, "\\u007f");
}

function now(): string {
  const time = Temporal.Now.zonedDateTimeISO();
  return time.toString({ smallestUnit: "second", timeZoneName: "never" });
}

function listen(): Deno.TcpListener {
  try {
    return Deno.listen({ hostname: "0.0.0.0", port: Number(port) });
  } catch (error) {
    console.error(`server: cannot listen on port ${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
