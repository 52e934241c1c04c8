/** A way from client to server through one driver, and how long datagrams take on it. */
import { Stage } from "../../link/stage.ts";
import { serverAddress } from "../../link/stage.ts";
import { TextLineStream } from "../../link/text_lines.ts";
import type { Arrivals, Measured, ToMeasure } from "./measured.ts";

/** Whose netem: the kernel's own, on the client's interface, or the link's, on the tun device. */
export type DriverName = Measured["driver"];

/** A stage with one driver. */
export class Way implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #exchange: Deno.ChildProcess;
  readonly #answers: ReadableStreamDefaultReader<string>;
  readonly #questions: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(readonly driver: DriverName, stage: Stage) {
    this.#stage = stage;
    const program = new URL("./exchange.ts", import.meta.url).pathname;
    const [command, ...args] = stage.command("server", [
      ...[Deno.execPath(), "run", "-A", "--no-check", "--quiet", program],
    ]);
    this.#exchange = new Deno.Command(command!, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#answers = this.#exchange.stdout.pipeThrough(new TextLineStream()).getReader();
    this.#questions = this.#exchange.stdin.getWriter();
  }

  /** Sets it up, and sends through it until its programs are compiled. */
  static async start(driver: DriverName): Promise<Way> {
    const way = new Way(driver, await Stage.start({ bare: driver === "kernel" }));
    try {
      await way.#settle();
      await way.measure({ profile: "delay 5ms 1ms", packets: 3000, gapUs: 500, longestMs: 500 });
      return way;
    } catch (error) {
      await way[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Impairs the way, sends, and takes the impairment away. The seed is nobody's choice. */
  async measure(asked: ToMeasure): Promise<Measured> {
    const profile = `limit 100000 ${asked.profile}`;
    if (this.driver === "tun") {
      const seed = crypto.getRandomValues(new BigUint64Array(1))[0];
      const up = { profile: `${profile} seed ${seed}`, script: "" };
      await this.#stage.link.begin(up, { profile: "", script: "" });
    } else await this.#qdisc("add", "netem", ...profile.split(" "));
    await this.#questions.write(new TextEncoder().encode(`${JSON.stringify(asked)}\n`));
    const { value, done } = await this.#answers.read();
    if (done) throw new Error("The program that measures has ended");
    if (this.driver === "tun") await this.#stage.link.end();
    else await this.#qdisc("del");
    const { packets } = asked;
    return {
      driver: this.driver,
      profile: asked.profile,
      packets,
      ...JSON.parse(value) as Arrivals,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#questions.close().catch(() => {});
    await this.#exchange.status;
    await this.#stage[Symbol.asyncDispose]();
  }

  /** Both ends know each other's Ethernet address for good: no question about it meets the impairment. */
  async #settle(): Promise<void> {
    await this.#stage.run("client", "ping", "-c1", "-W5", serverAddress);
    for (const place of ["client", "server"] as const) {
      const each =
        "while read -r a d i l m s; do ip neigh replace $a dev $i lladdr $m nud permanent";
      await this.#stage.run(place, "sh", "-c", `ip -4 neigh | ${each}; done`);
    }
  }

  async #qdisc(verb: string, ...words: string[]): Promise<void> {
    const argv = ["tc", "qdisc", verb, "dev", "eth0", "root", ...words];
    const { code, stderr } = await this.#stage.run("client", ...argv);
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  }
}
