/** What can be done with a rig, by whoever knows its ports. */
import { packCheckout, unpackScript } from "./checkout.ts";
import { type CommandOptions, RigCommand } from "./command.ts";

/** How a script is run. */
export interface ExecOptions extends CommandOptions {
  signal?: AbortSignal;
  /** How long it may take. Default a minute. */
  timeoutMs?: number;
}

/** What came of a script. */
export interface ExecResult {
  /** Its status; 128 and the signal's number where one ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** How a rig is reached from here. */
export interface RigAddress {
  /** Ports on this machine's loopback. */
  server: number;
  docker: number;
  /** The last lines of its console. */
  console?: () => string[];
}

/** A rig that runs, of ours or another process's. */
export class RigClient {
  constructor(readonly address: RigAddress) {}

  /** The rig's engine, for DOCKER_HOST. */
  get dockerHost(): string {
    return `tcp://127.0.0.1:${this.address.docker}`;
  }

  /** Starts a shell's script, and does not wait for its end. @throws {Error} Where the rig does not answer. */
  async spawn(script: string, options: CommandOptions = {}): Promise<RigCommand> {
    return await RigCommand.start(this.address.server, ["sh", "-c", script], options);
  }

  /**
   * Runs a shell's script as root. What it leaves running in the background stays, once its output goes elsewhere.
   *
   * @throws {Error} Where it takes too long, or the rig dies; with the end of what its console shows.
   */
  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    const { signal, timeoutMs = 60_000 } = options;
    const deadline = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    signal?.throwIfAborted();
    let command: RigCommand | undefined;
    const onEnd = () => void command?.[Symbol.asyncDispose]();
    ends.addEventListener("abort", onEnd);
    try {
      command = await this.spawn(script, options);
      if (ends.aborted) onEnd();
      const [stdout, stderr, { code }] = await Promise.all([
        new Response(command.stdout).text(),
        new Response(command.stderr).text(),
        command.status,
      ]);
      return { code, stdout, stderr };
    } catch (cause) {
      signal?.throwIfAborted();
      const why = deadline.aborted ? `nothing within ${timeoutMs / 1000} s` : "it hung up";
      throw new Error(this.explain(`Look at the rig, or at this script (${why}): ${script}`), {
        cause,
      });
    } finally {
      ends.removeEventListener("abort", onEnd);
    }
  }

  /** Runs a script that is to succeed, and returns its output. @throws {Error} If not; with what it said. */
  async run(script: string, options: ExecOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(script, options);
    if (code === 0) return stdout;
    throw new Error(
      `Look at this script in the rig (status ${code}): ${script}\n${stdout}${stderr}`,
    );
  }

  /** Brings the checkout in it up to date with the one here. */
  async sync(signal?: AbortSignal): Promise<void> {
    await this.run(unpackScript(null), { stdin: packCheckout(), signal });
  }

  /** Returns a message with the end of what the console shows. */
  protected explain(message: string): string {
    const lines = this.address.console?.() ?? [];
    return [message, ...lines.map((line) => `  ${line}`)].join("\n");
  }
}
