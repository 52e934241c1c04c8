/** `lab up`: a lab's link and server, running until `lab down`. */
import { linkOptions, serverOptions } from "./link_options.ts";
import type { LinkSetting } from "../src/link/mod.ts";
import { settingText } from "./setting_text.ts";
import { defineVerb, MachineError, UsageError } from "./verb.ts";

export const verb = defineVerb({
  name: "up",
  summary: "Keep a lab's link and server running, to look around and change the network",
  description:
    "Then: ./lab run LAB sends datagrams through it, ./lab netem changes the link, ./lab shell looks\n" +
    "around, ./lab logs shows what happened, ./lab down ends it.",
  positionals: [{ name: "LAB", help: "The lab, such as lab3", completes: "lab" }],
  options: {
    ...linkOptions,
    ...serverOptions,
    clients: {
      type: "number",
      placeholder: "N",
      integer: true,
      min: 1,
      max: 100,
      default: 1,
      help: "Client hosts",
    },
  },
  examples: [
    { line: "./lab up lab3", help: "With the lab's own profile" },
    { line: "./lab up lab3 --netem none", help: "Over a perfect wire, to break it later" },
  ],
  async run({ values, positionals, output, root }) {
    const { findLab, pairNames, withPair } = await import("../src/lab/mod.ts");
    const { outFolder, pairOfPath } = await import("./run_settle.ts");
    const { findUp } = await import("./find_up.ts");
    const { planLink } = await import("./link_options.ts");
    const { serverProgram } = await import("./lab_programs.ts");
    const { Interrupt } = await import("./interrupt.ts");
    const { chooseEngine } = await import("./engine_choice.ts");
    const found = findLab(root, positionals[0]!);
    const { id } = found.manifest;
    if (findUp(id) !== null) {
      throw new UsageError(`End it first with ./lab down ${id}: ${id} is up already`);
    }
    const given = values.program?.replace(/\.ts$/, "") ?? pairOfPath(found, values.server);
    const name = given ?? pairNames(found.manifest)[0]!;
    const lab = withPair(found, name);
    const plan = planLink(values, lab.manifest.defaults);
    for (const note of plan.notes) output.err(`lab: ${note}\n`);
    const server = serverProgram(root, lab, {
      path: values.server,
      out: outFolder(undefined, root),
    });
    const engine = chooseEngine(values, [server.spec]);
    using interrupt = new Interrupt();
    const keeper = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-lock",
        `--config=${root}/deno.json`,
        "--node-modules-dir=manual",
        `${root}/scripts/keep_up.ts`,
      ],
      stdin: "piped",
      stdout: "piped",
      // Not ours: whoever reads our standard error to its end, as a pipe does, would wait for the lab's.
      stderr: "piped",
      detached: true,
    }).spawn();
    const words = new Response(keeper.stderr).text();
    const { up, down, drawn } = plan;
    const order = JSON.stringify({
      lab: id,
      program: name,
      transport: lab.manifest.transport,
      port: lab.manifest.port,
      clients: values.clients,
      engine,
      driver: values.driver,
      up,
      down,
      drawn,
      server: server.spec,
    });
    const stop = () => {
      try {
        keeper.kill("SIGTERM");
      } catch {
        // It has ended.
      }
    };
    interrupt.signal.addEventListener("abort", stop);
    const input = keeper.stdin.getWriter();
    const tell = (line: string) =>
      input.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
    await tell(order);
    // Its last line says that the lab is up, or why it is not. Then it goes on without us.
    const answer = await answerOf(keeper.stdout, (notice) => output.err(`lab: ${notice}\n`));
    if (interrupt.signal.aborted) {
      await keeper.status;
      return 130;
    }
    if (answer === null) {
      const reason = (await words).trim().split("\n")[0];
      throw new MachineError(
        `Run ./lab doctor: the lab ended before it was up${reason ? ` (${reason})` : ""}`,
      );
    }
    if (!answer.ok) {
      await keeper.status;
      output.err(`lab: ${answer.error}\n`);
      return answer.status;
    }
    await tell("go");
    keeper.unref();
    const { bold, dim } = output.style;
    output.out(
      `${
        bold(`${id} is up`)
      }: ${name} listens on ${lab.manifest.transport} port ${lab.manifest.port}, ${answer.driver}\n` +
        `  up    ${settingText(answer.up)}\n` +
        `  down  ${settingText(answer.down)}\n` +
        dim(
          `Next: ./lab run ${id} · ./lab netem set ${id} 'loss 50%' · ./lab shell ${id} client · ./lab logs ${id} · ./lab down ${id}\n`,
        ),
    );
    return 0;
  },
});

/** What the keeper says at last. */
type Answer =
  | { ok: true; driver: string; up: LinkSetting; down: LinkSetting }
  | { ok: false; error: string; status: number };

/** Reads to the keeper's answer, and tells what comes before; null where it ends without one. */
async function answerOf(
  stream: ReadableStream<Uint8Array>,
  onNotice: (line: string) => void,
): Promise<Answer | null> {
  const { readLines } = await import("../src/run/mod.ts");
  for await (const line of readLines(stream)) {
    const said = JSON.parse(line) as Answer | { notice: string };
    if (!("notice" in said)) return said;
    onNotice(said.notice);
  }
  return null;
}
