/**
 * Runs at the server's place of a stage: sends datagrams from the client's as each line of standard input asks, and
 * answers with a line: how long each took.
 */
import { serverAddress } from "../../link/stage.ts";
import { TextLineStream } from "../../link/text_lines.ts";
import { Datagrams } from "./datagrams.ts";

const datagrams = new Datagrams("/run/netns/c", "/proc/self/ns/net");
for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
  console.log(JSON.stringify(datagrams.exchange(serverAddress, JSON.parse(line))));
}
