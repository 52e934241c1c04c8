/**
 * A stage for the link alone: two network namespaces joined by a cable, the link in the server's, and programs on both
 * sides. No engine, so that what is measured is the link's own doing.
 */
import { connectLink, type LinkClient, linkCommand } from "../../src/link/mod.ts";
import { makeOwnFolder } from "./own_folder.ts";
import { Peer } from "./peer_client.ts";

/** The server's address on a stage. */
export const serverAddress = "10.77.0.2";
/** The client's. */
export const clientAddress = "10.77.0.3";
/** The same of IPv6, on a stage that has it. */
export const serverAddress6 = "fd00:77::2", clientAddress6 = "fd00:77::3";

/** The driver of the links on stages: the tests of a kernel that has netem ask for the other. */
export const stageDriver = Deno.env.get("SOCKLAB_STAGE_DRIVER") === "tc" ? "tc" : "tun";

/** Either end of the cable; the link lives at the server's. */
export type Place = "server" | "client";

/** How a stage is set up. */
export interface StageOptions {
  /** In a user namespace, without any right outside it. Default: only where the tests do not run as root. */
  rootless?: boolean;
  /** Shell commands run in the server's namespace once its interface is up, before the link starts. */
  before?: string;
  /** With IPv6 addresses beside those of IPv4. Default false: IPv6 is switched off, as in the local engine. */
  six?: boolean;
  /** Without the link: the bare cable, for comparison. Default false. */
  bare?: boolean;
  /** More flags for V8 in the link. */
  v8Flags?: string[];
}

const network = `
  mount -t tmpfs none /run || exit 90
  ip netns add c
  ip link add eth0 type veth peer name eth0 netns c
  ip addr add ${serverAddress}/24 dev eth0; ip link set eth0 up; ip link set lo up
  ip -n c addr add ${clientAddress}/24 dev eth0; ip -n c link set eth0 up; ip -n c link set lo up
  ip netns exec c sh -c 'echo reno > /proc/sys/net/ipv4/tcp_congestion_control'
`;

const noIpv6 = `
  for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $all; done
  ip netns exec c sh -c 'for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $all; done'
`;

const ipv6 = `
  ip addr add ${serverAddress6}/64 dev eth0 nodad
  ip -n c addr add ${clientAddress6}/64 dev eth0 nodad
`;

/** What a command left behind. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** The argv that runs shell text in fresh namespaces. */
export function unshareCommand(rootless: boolean, script: string): string[] {
  const user = rootless ? ["--user", "--map-root-user"] : [];
  return ["unshare", ...user, "--net", "--mount", "--fork", "--kill-child", "sh", "-c", script];
}

/** argv of a link on `eth0`. */
export function linkOn(socket: string, ownerStdin = false): string[] {
  return linkCommand(Deno.execPath(), { device: "eth0", socket, driver: stageDriver, ownerStdin });
}

/** Runs a command to its end. */
export async function run(argv: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    env,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** A link that a test has started by itself. */
export interface HandStartedLink extends AsyncDisposable {
  /** What it said first. */
  readonly line: string;
  /** Sends it a signal and waits for its end. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

/** A stage that stands; disposing ends everything on it. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  /** Path of the control socket. */
  readonly control: string;
  readonly #rootless: boolean;
  readonly #keeper: Deno.ChildProcess;
  readonly #errors: Promise<string>;
  readonly #peers: Peer[] = [];
  #pid = 0;
  #link: LinkClient | null = null;
  #said = "";
  #ending: Promise<void> = Promise.resolve();
  #ended = false;

  private constructor(options: StageOptions) {
    this.folder = makeOwnFolder();
    this.control = `${this.folder}/control.sock`;
    this.#rootless = options.rootless ?? Deno.uid() !== 0;
    const more = (options.v8Flags ?? []).map((flag) => `,${flag}`).join("");
    const link = linkOn(this.control, true).map((word) =>
      word.startsWith("--v8-flags=") ? word + more : word
    );
    const program = options.bare ? "exec cat" : `exec ${link.join(" ")}`;
    const script = `read -r pid rest < /proc/self/stat; echo $pid
      ${network} ${options.six ? ipv6 : noIpv6} ${options.before ?? ""}
      echo network; ${program}`;
    const argv = unshareCommand(this.#rootless, script);
    this.#keeper = new Deno.Command(argv[0]!, {
      args: argv.slice(1),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#errors = new Response(this.#keeper.stderr).text();
  }

  /** Sets a stage up; settles once the link is ready. */
  static async start(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(options);
    try {
      const output = stage.#keeper.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const more = async () => {
        const { value, done } = await output.read();
        stage.#said += value ?? "";
        return !done;
      };
      const ready = options.bare ? "network\n" : '"ready":true';
      while (!stage.#said.includes(ready)) {
        if (!await more()) throw new Error(`The stage did not come up: ${await stage.#errors}`);
      }
      stage.#ending = (async () => {
        while (await more());
      })();
      stage.#pid = Number(/^\d+/.exec(stage.#said)![0]);
      if (!options.bare) stage.#link = await connectLink(stage.control);
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The link's control connection. */
  get link(): LinkClient {
    return this.#link!;
  }
  /** Process id of the link. */
  get pid(): number {
    return this.#pid;
  }

  /** argv that runs a command at a place. */
  command(place: Place, argv: string[]): string[] {
    return [
      "nsenter",
      `--target=${this.#pid}`,
      ...(this.#rootless ? ["--user", "--preserve-credentials"] : []),
      "--mount",
      place === "server" ? "--net" : `--net=/proc/${this.#pid}/root/run/netns/c`,
      `--wd=${Deno.cwd()}`,
      ...argv,
    ];
  }

  /** Runs a command at a place to its end. */
  run(place: Place, ...argv: string[]): Promise<Outcome> {
    return run(this.command(place, argv));
  }

  /**
   * Pings the server from the client twice; returns how many answers came. One at a time: for the last of several, ping(8)
   * waits two round trips of those before it, which on a busy machine is too short.
   */
  async pings(address: string): Promise<number> {
    let answers = 0;
    for (let i = 0; i < 2; i++) {
      const { stdout } = await this.run("client", "ping", "-c1", "-W5", address);
      if (/ 1 received/.test(stdout)) answers++;
    }
    return answers;
  }

  /** Starts a link by hand, on a stage that has none; settles once it is ready. Disposing kills it. */
  async startLink(argv: string[] = linkOn(this.control)): Promise<HandStartedLink> {
    const [command, ...args] = this.command("server", argv);
    const child = new Deno.Command(command!, { args, stdin: "null", stdout: "piped" }).spawn();
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const link = {
      line: "",
      async end(signal: "SIGKILL" | "SIGTERM") {
        child.kill(signal);
        await output.cancel();
        await child.status;
      },
      [Symbol.asyncDispose]: () => link.end("SIGKILL").catch(() => {}), // It has ended.
    };
    link.line = (await output.read()).value ?? "";
    return link;
  }

  /** Starts a peer at a place: sockets driven by the test. */
  async peer(place: Place): Promise<Peer> {
    const script = new URL("./peer.ts", import.meta.url).pathname;
    const argv = [Deno.execPath(), "run", "-A", "--no-config", "--unstable-net", script];
    const peer = await Peer.start(this.command(place, argv));
    this.#peers.push(peer);
    return peer;
  }

  /** All that the link has written on standard output, once it has ended. */
  async said(): Promise<string> {
    await this.#ending;
    return this.#said;
  }

  /** How the link ended: exit status, and what it wrote on standard error. */
  async ended(): Promise<{ code: number; signal: string | null; stderr: string }> {
    const { code, signal } = await this.#keeper.status;
    return { code, signal, stderr: (await this.#errors).trimEnd() };
  }

  /** Closes the link's standard input, as an owner does that goes. */
  async leave(): Promise<void> {
    await this.#keeper.stdin.close().catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await Promise.all(this.#peers.map((peer) => peer[Symbol.asyncDispose]()));
    this.#link?.close();
    await this.leave();
    const late = setTimeout(() => this.#keeper.kill("SIGKILL"), 5000);
    await this.#keeper.status;
    clearTimeout(late);
    Deno.removeSync(this.folder, { recursive: true });
  }
}
