/** A stage of the command line on the docker engine: what it starts can be told by its state folder's label. */
import { afterEach, beforeEach } from "vitest";
import { LabStage } from "../cli/lab_stage.ts";
import { until } from "../link/poll.ts";

/** A private folder in which labs keep their state, with the containers that were started from it. */
export class DockerStage extends LabStage {
  /** The engine's socket, where it is not the machine's own. */
  readonly #host: string | undefined;

  constructor(host?: string) {
    super();
    this.#host = host;
    // Programs in it are read by nobody in particular, where root runs the tests.
    Deno.chmodSync(this.folder, 0o755);
  }

  override get env(): Record<string, string> {
    const env = { ...super.env, LAB_ENGINE: "docker" };
    return this.#host === undefined ? env : { ...env, DOCKER_HOST: this.#host };
  }

  /** Names of the containers and networks that are there. */
  async containers(): Promise<string[]> {
    const found = await Promise.all([
      this.#list("container", "ls", "--all", "--format", '{{.Names}}\t{{.Label "socklab.state"}}'),
      this.#list("network", "ls", "--format", '{{.Name}}\t{{.Label "socklab.state"}}'),
    ]);
    return found.flat().flatMap((line) => {
      const [name = "", state = ""] = line.split("\t");
      return state.startsWith(`${this.folder}/`) ? [name] : [];
    }).sort();
  }

  async #list(...args: string[]): Promise<string[]> {
    const { success, stdout, stderr } = await new Deno.Command("docker", {
      args,
      env: this.env,
      stdin: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
  }

  /** Runs `docker ARGS` on the stage's engine; resolves to its standard output. */
  async docker(...args: string[]): Promise<string> {
    return (await this.#list(...args)).join("\n");
  }

  /** All that is left: processes, state folders, containers, networks. */
  async rest(): Promise<string[]> {
    return [...this.left(), ...await this.containers()];
  }

  /** Waits until nothing is left. */
  async clean(ms: number): Promise<void> {
    await until(() => this.rest(), (rest) => rest.length === 0, ms);
  }
}

/** Gives each test of a file a stage of its own. */
export function useDockerStage(): { readonly stage: DockerStage } {
  const holder: { stage: DockerStage } = { stage: undefined as unknown as DockerStage };
  beforeEach(() => void (holder.stage = new DockerStage()));
  afterEach(async () => await holder.stage[Symbol.asyncDispose]());
  return holder;
}
