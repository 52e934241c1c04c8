/**
 * The timestamp client over UDP, to be finished by you. It runs as it is: it sends "hello" and waits for
 * the answer, for ever if need be.
 *
 *     deno run --unstable-net --allow-net client_udp.ts [--host server] [--port 21567]
 *         [--timeout MS] [--retries N]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "timeout", "retries"],
  default: { host: "server", port: "21567", timeout: "1000", retries: "3" },
});

// Port 0: the system chooses a free port for us. The server sees it as the sender's, and answers to it.
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
const server: Deno.NetAddr = {
  transport: "udp",
  hostname: options.host,
  port: Number(options.port),
};

// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, close the socket, print one line and exit with status 0.

// TODO 1: print the prompt "> " and read a line from standard input (Deno.stdin.read); send it without
// its end as one datagram, print the answer, and so on. An empty line, or the end of the input, ends
// the client.
await socket.send(new TextEncoder().encode("hello"), server);

// TODO 2: wait no longer than --timeout milliseconds, then say so and send again, at most --retries
// times; then go on with the next line.
// TODO 3: an answer to an earlier line may come late, or twice, and anybody may send to our port:
// is this datagram from the server, and does it end in what we have sent?
// TODO 4: a datagram may be longer than 1,024 bytes: make the buffer large enough for any.
const [answer] = await socket.receive(new Uint8Array(1_024));
await Deno.stdout.write(answer);
console.log();
socket.close();
