/** Keeps processors busy for as long as a test wants that. */
import { availableParallelism } from "node:os";

/** A loop for each processor of the machine. Disposing ends them, as does the end of the tests, however they end. */
export class BusyCores implements AsyncDisposable {
  readonly #loops: Deno.ChildProcess[];

  /** @param cores How many. Default: as many as there are. */
  constructor(cores = availableParallelism()) {
    this.#loops = Array.from({ length: cores }, () =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", `while (Deno.ppid === ${Deno.pid});`],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn());
  }

  async [Symbol.asyncDispose]() {
    for (const loop of this.#loops) loop.kill("SIGKILL");
    await Promise.all(this.#loops.map((loop) => loop.status));
  }
}
