/**
 * The UDP uppercase client, to be finished by you. It runs as it is: it sends one datagram and waits
 * for the answer, for ever if need be.
 *
 *     deno run --unstable-net --allow-net client.ts [--host server] [--port 12000] [--timeout MS]
 *         [--retries N]                              (keyboard)
 *         --count N [--interval MS] [--size BYTES]   (pinger)
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "timeout", "retries", "count", "interval", "size"],
  default: { host: "server", port: "12000", timeout: "1000", retries: "3" },
});

// Port 0: the system chooses a free port for us. The server sees it as the sender's, and answers to it.
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
const server: Deno.NetAddr = {
  transport: "udp",
  hostname: options.host,
  port: Number(options.port),
};

// TODO 2: with --count N, send N datagrams, --interval milliseconds apart, without waiting for the
// answers in between; --size says how many bytes each has. Which answer belongs to which request?
const request = new TextEncoder().encode("ping 1");
const sentAt = performance.now();
await socket.send(request, server);

// TODO 1: wait no longer than --timeout milliseconds, then print "request 1 timed out".
// TODO 3: answers that come late, twice, or from somebody else: recognise them, say so, go on.
const [answer] = await socket.receive();
const ms = performance.now() - sentAt;
console.log(`answer 1: ${ms.toFixed(2)} ms (${new TextDecoder().decode(answer)})`);

// TODO 4: at the end print statistics as ping does. Exit with status 1 if no answer came at all.
// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, print the statistics so far and exit with status 0.
// TODO 6: without --count, read lines from standard input; each is one datagram. Print its answer, or
// send it again when none comes in time, at most --retries times.
socket.close();
