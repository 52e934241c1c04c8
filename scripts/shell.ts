/** `lab shell`: a shell at a place of a lab that is up. */
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "shell",
  summary: "Open a shell at the server, a client or the link of a lab that is up",
  description:
    "With the tools that are there, the machine's own or the image's: ip, ss, ping, at the link tcpdump.\n" +
    "At the server and the client it has no privilege, as a program there has none; at the link it has\n" +
    "all that the testbed's network takes.",
  positionals: [
    { name: "LAB", help: "The lab, such as lab3", completes: "lab" },
    {
      name: "PLACE",
      help: "Where (default: client)",
      choices: ["server", "client", "link"],
      optional: true,
    },
  ],
  options: {},
  examples: [
    { line: "./lab shell lab3 client", help: "Where clients run: ping server" },
    { line: "./lab shell lab3 link", help: "Watch with tcpdump -ni eth0" },
    { line: "echo 'ss -uan' | ./lab shell lab3 server", help: "One command, from a pipe" },
  ],
  async run({ positionals, root }) {
    const { requireUp } = await import("./find_up.ts");
    const { takeTerminalBack } = await import("./terminal_back.ts");
    const { attachTestbed } = await import("../src/engine/mod.ts");
    const { state } = requireUp(root, positionals[0]!);
    const place = (positionals[1] ?? "client") as "server" | "client" | "link";
    await using testbed = await attachTestbed(state);
    // The shell answers Ctrl-C; this process only waits for it.
    const ignore = () => {};
    Deno.addSignalListener("SIGINT", ignore);
    try {
      return await testbed.shell(place, { prompt: `${positionals[0]} ${place}\\$ ` });
    } finally {
      Deno.removeSignalListener("SIGINT", ignore);
      takeTerminalBack();
    }
  },
});
