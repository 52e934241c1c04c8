/** Wrong on purpose: prints what comes instead of sending it back. */
import { parseArgs } from "@std/cli/parse-args";

const { host, port } = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "7000" },
});
const listener = Deno.listen({ hostname: host, port: Number(port) });
console.log(`Server listens on TCP ${host}:${port}`);

while (true) {
  const connection = await listener.accept();
  for await (const chunk of connection.readable) console.log(new TextDecoder().decode(chunk));
}
