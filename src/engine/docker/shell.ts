/** A shell at a place of a testbed: a container of its own beside the one that is there, on our terminal or pipes. */
import { type Engine, startContainer } from "./container.ts";
import { shellContainer, type TestbedFacts } from "./containers.ts";
import type { EngineEvents } from "./events.ts";
import type { Attached } from "./hijack.ts";
import { LINK_IMAGE } from "./image_names.ts";
import { inputOf, splitOutput } from "./streams.ts";
import { containerUser, hidesOurs, isReadable } from "./user.ts";

/** What a shell is opened in. */
export interface ShellSurroundings {
  engine: Engine;
  events: EngineEvents;
  facts: TestbedFacts;
  /** Called before a container is made. */
  onMake?: () => void;
}

/** The checkout that this file belongs to. */
const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");

/** Runs a shell until it ends; resolves to its exit status. */
export async function runShell(
  { engine, events, facts, onMake }: ShellSurroundings,
  where: "server" | "client" | "link",
  prompt: string,
): Promise<number> {
  onMake?.();
  const tty = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const beside = `${facts.name}-${where === "client" ? "client1" : where}`;
  const runs = await engine.docker.getContainer(beside).inspect()
    .then(({ State }) => State.Running, () => false);
  const cwd = Deno.cwd();
  const user = where === "link" ? { uid: 0, gid: 0 } : containerUser([cwd, root]);
  // What cannot be shown there is left out: a shell without it is better than none.
  const folders = [root, cwd].filter((folder) => !hidesOurs(folder) && isReadable(folder, user));
  const config = shellContainer(facts, {
    // It has the tools to look around with; programs have no need of them.
    image: LINK_IMAGE,
    link: where === "link",
    // The server's network is the link's, and outlives the server's program.
    network: where === "server" ? `${facts.name}-link` : beside,
    processes: runs ? beside : null,
    user,
    folders: [...new Set(folders)].filter((folder, _, all) =>
      !all.some((other) => other !== folder && folder.startsWith(`${other}/`))
    ),
    cwd: folders.includes(cwd) ? cwd : "/",
    env: { PS1: prompt, TERM: Deno.env.get("TERM") ?? "dumb" },
    tty,
  });
  const { id, attached } = await startContainer(engine, config);
  const resize = async () => {
    const { columns: w, rows: h } = Deno.consoleSize();
    await engine.docker.getContainer(id).resize({ w, h }).catch(() => {});
  };
  if (tty) {
    Deno.addSignalListener("SIGWINCH", resize);
    Deno.stdin.setRaw(true);
    await resize();
  }
  try {
    await relay(attached, tty);
    return (await events.endOf(id)).code;
  } finally {
    if (tty) {
      Deno.stdin.setRaw(false);
      Deno.removeSignalListener("SIGWINCH", resize);
    }
  }
}

/** Leads our input in and its output out, until the output ends. */
async function relay(attached: Attached, tty: boolean): Promise<void> {
  Deno.stdin.readable.pipeTo(inputOf(attached) as WritableStream<Uint8Array>).catch(() => {});
  if (!tty) {
    const { stdout, stderr } = splitOutput(attached);
    const whole = { preventClose: true };
    await Promise.all([
      stdout.pipeTo(Deno.stdout.writable as WritableStream<Uint8Array>, whole).catch(() => {}),
      stderr.pipeTo(Deno.stderr.writable as WritableStream<Uint8Array>, whole).catch(() => {}),
    ]);
    return;
  }
  for (let bytes = await attached.read(); bytes !== null; bytes = await attached.read()) {
    for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
  }
}
