/** `lab run`: one lab's server and client over the impaired link, told packet by packet. */
import { linkOptions, serverOptions } from "./link_options.ts";
import { defineVerb, type Options } from "./verb.ts";

/** Options that `run` has beyond the link's. */
const runOptions = {
  count: {
    type: "number",
    placeholder: "N",
    integer: true,
    help: "Messages that a client sends by itself (default: the lab's own)",
  },
  interval: {
    type: "number",
    placeholder: "MS",
    integer: true,
    help: "Milliseconds between them (likewise)",
  },
  size: { type: "number", placeholder: "BYTES", integer: true, help: "Payload of each (likewise)" },
  swarm: {
    type: "number",
    placeholder: "N",
    integer: true,
    help: "Connections that lab6's swarm holds at once (likewise)",
  },
  clients: {
    type: "number",
    placeholder: "N",
    integer: true,
    min: 1,
    max: 100,
    default: 1,
    help: "Clients, each on a host of its own",
  },
  ...serverOptions,
  client: {
    type: "string",
    placeholder: "PATH",
    completes: "file",
    help: "Your client, a file or a folder, instead of the lab's",
  },
  input: {
    type: "string",
    placeholder: "FILE",
    completes: "file",
    help: "The client reads lines from FILE, or from you with - (default: the lab's, if it reads)",
  },
  watch: { type: "boolean", help: "Run again whenever a program changes" },
  out: {
    type: "string",
    placeholder: "DIR",
    completes: "folder",
    help: "Where artifacts go (default: out)",
  },
  json: { type: "boolean", help: "Only summary.json, on standard output" },
  quiet: { type: "boolean", short: "q", help: "Only statistics and faults" },
} as const satisfies Options;

export const verb = defineVerb({
  name: "run",
  summary: "Run a lab's server and client over the impaired link",
  description:
    "Without options: the lab's own programs and a profile that shows loss within seconds; where a\n" +
    "lab compares programs, each in turn with the same seed, and a table at the end; of a folder\n" +
    "given with --server, those that are in it.\n" +
    "A lab that is up (./lab up) is used as it stands, and stays up.",
  positionals: [{ name: "LAB", help: "The lab, such as lab3", completes: "lab" }],
  options: { ...linkOptions, ...runOptions },
  examples: [
    { line: "./lab run lab3", help: "See what becomes of twenty datagrams" },
    {
      line: "./lab run lab3 --netem 'delay 50ms loss 20%' --seed 7",
      help: "Your own network, repeatable",
    },
    {
      line: "./lab run lab3 --script 'lose 1,4' --netem none",
      help: "Lose two requests, nothing else",
    },
    {
      line: "./lab run lab3 --server mine/server.ts --watch",
      help: "Your server, again at each change",
    },
    { line: "./lab run lab3 --input -", help: "Type lines, see answers" },
    {
      line: "./lab run lab2 --program server_udp",
      help: "One of the programs that a lab compares",
    },
    {
      line: "./lab run lab6 --server my-lab6",
      help: "Your servers side by side, as many as you have",
    },
  ],
  async run(context) {
    const { runLab } = await import("./run_lab.ts");
    return await runLab(context);
  },
});
