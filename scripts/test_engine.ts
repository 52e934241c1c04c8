/** A Docker engine for the tests, started by hand where none answers, and ended with them. */
import { dirname } from "./paths.ts";

/** How long a start may take; a slow one takes a tenth of it. */
const START_MS = 60_000;

/**
 * Keeps an engine for as long as somebody holds this shell's standard input, however that ends;
 * then ends the engine by its id. In a session of its own, so that Ctrl-C in a terminal ends the
 * tests first and their engine afterwards.
 *
 * $1: the engine's log; $2: what to run before its end; $3: `alone` to take back its network; the
 * rest: its command line.
 */
const KEEPER = `
exec 3<&0 </dev/null
log=$1 before=$2 alone=$3; shift 3
bridges() { ls /sys/class/net | grep -Ex 'docker0|br-[0-9a-f]{12}'; }
there=$(bridges)
policy=$(iptables -S FORWARD 2>/dev/null | sed -n 's/^-P FORWARD //p')
forward=$(cat /proc/sys/net/ipv4/ip_forward)
: >"$log"
"$@" >>"$log" 2>&1 3<&- &
engine=$!
{
  read -r _ <&3
  sh -c "$before" >/dev/null
  kill -TERM $engine
  tries=0
  while [ $tries -lt 300 ] && kill -0 $engine; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL $engine
} 2>/dev/null &
holder=$!
exec 3<&-
wait $engine
status=$?
kill $holder 2>/dev/null
[ "$alone" = alone ] && for bridge in $(bridges); do
  case "
$there
" in *"
$bridge
"*) continue ;; esac
  ip link delete $bridge
  [ $bridge = docker0 ] || continue
  for tool in iptables ip6tables; do
    $tool-save | grep -Ev 'DOCKER|docker0|br-[0-9a-f]{12}' | $tool-restore
  done
  [ -n "$policy" ] && iptables -P FORWARD "$policy"
  echo "$forward" >/proc/sys/net/ipv4/ip_forward
done 2>/dev/null
exit $status
`;

/** What is started, and where. */
export interface TestEngineOptions {
  /** Where what the engine says goes; what was there before is overwritten. */
  log: string;
  /** Resolves to whether the engine answers. */
  answers(): Promise<boolean>;
  /**
   * Whether it is the machine's only engine: then the bridges that appeared while it ran, and what is in the firewall for
   * them, are taken back after its end. Default false.
   */
  alone?: boolean;
  /** A shell's command to run before the engine is asked to end, however the tests ended. Default none. */
  before?: string;
  /** The engine's command line. Default `dockerd`, with its usual socket and folders. */
  command?: readonly string[];
  signal?: AbortSignal;
}

/** An engine that runs. Disposing ends it and waits until it is gone. */
export class TestEngine implements AsyncDisposable {
  readonly #keeper: Deno.ChildProcess;

  private constructor(keeper: Deno.ChildProcess) {
    this.#keeper = keeper;
  }

  /**
   * Starts an engine and waits until it answers.
   *
   * @throws {Error} If it ended, or does not answer within a minute; then nothing is left of it.
   */
  static async start(options: TestEngineOptions): Promise<TestEngine> {
    const { log, answers, command = ["dockerd"], before = ":", alone = false, signal } = options;
    Deno.mkdirSync(dirname(log), { recursive: true });
    const keeper = new Deno.Command("setsid", {
      args: ["--wait", "sh", "-c", KEEPER, "sh", log, before, alone ? "alone" : "", ...command],
      // Where system tools lie although a user's PATH may lack them.
      env: { PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin` },
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const engine = new TestEngine(keeper);
    let ended = false;
    void keeper.status.then(() => ended = true);
    const deadline = performance.now() + START_MS;
    try {
      while (!await answers()) {
        signal?.throwIfAborted();
        if (ended) throw new Error(`See ${log}: the Docker engine ended: ${lastLine(log)}`);
        if (performance.now() > deadline) {
          throw new Error(`See ${log}: the Docker engine does not answer: ${lastLine(log)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return engine;
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose]() {
    await this.#keeper.stdin.close().catch(() => {});
    await this.#keeper.status;
  }
}

function lastLine(log: string): string {
  try {
    return Deno.readTextFileSync(log).trimEnd().split("\n").at(-1) || "it said nothing";
  } catch {
    return "it said nothing";
  }
}
