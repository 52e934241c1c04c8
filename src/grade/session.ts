/** What all checks of one go share: the testbed, the peers on its hosts, the link's events. */
import { type EngineName, MachineError, type StartedTestbed, startTestbed } from "../engine/mod.ts";
import { type Ambient, LinkRuns } from "./link_run.ts";
import { peerProgram } from "./peer_program.ts";
import { HOSTS, Peers } from "./peers.ts";
import { endLeft } from "./left_connections.ts";
import { CLOSED, isWayOpen } from "./open_way.ts";

/** What a session is started with. */
export interface SessionOptions {
  engine: EngineName | "auto";
  /** The lab's id. */
  lab: string;
  seed: bigint;
  /** The network beneath all checks; null: a perfect wire. */
  ambient: Ambient | null;
  onNotice?: (line: string) => void;
  signal?: AbortSignal;
}

/** A testbed with peers. Disposing ends all of it. */
export interface Session extends AsyncDisposable {
  readonly testbed: StartedTestbed;
  readonly link: LinkRuns;
  readonly peers: Peers;
  /**
   * Ends the connections that are left at the server's port; no program may be there any more. Resolves to whether none
   * is left.
   */
  endLeft(port: number): Promise<boolean>;
  /** The ports at which some are left all the same. */
  readonly held: ReadonlySet<number>;
  /** Whether, between runs, packets of that protocol come from client hosts to the server's place, and back. */
  isWayOpen(proto: "udp" | "tcp"): Promise<boolean>;
}

/** Starts it. @throws {MachineError} Where the machine does not let it, or what its hosts send each other. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const session = await startUntried(options);
  try {
    for (const proto of ["udp", "tcp"] as const) {
      if (!await session.isWayOpen(proto)) throw new MachineError(CLOSED);
    }
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

async function startUntried(options: SessionOptions): Promise<Session> {
  const { engine, lab, seed, ambient, onNotice, signal } = options;
  const peer = peerProgram();
  const testbed = await startTestbed(engine, {
    lab,
    // Whatever the kernel can do: checks name packets, and only this driver follows a script.
    driver: "tun",
    clients: HOSTS,
    programs: { server: peer, client: peer, hosts: [1] },
    ...(onNotice === undefined ? {} : { onNotice }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const [link, peers] = await Promise.all([
      LinkRuns.follow(testbed, { seed, ambient }),
      Peers.start(testbed),
    ]);
    const held = new Set<number>();
    const host = testbed.serverAddress;
    return {
      testbed,
      link,
      peers,
      held,
      async endLeft(port) {
        const ended = await endLeft(peers.running, { host, port });
        if (ended) held.delete(port);
        else held.add(port);
        return ended;
      },
      isWayOpen: (proto) => link.plainly(() => isWayOpen(peers.running, { host, proto })),
      async [Symbol.asyncDispose]() {
        link[Symbol.dispose]();
        try {
          await peers[Symbol.asyncDispose]();
        } finally {
          await testbed[Symbol.asyncDispose]();
        }
      },
    };
  } catch (error) {
    await testbed[Symbol.asyncDispose]();
    throw error;
  }
}
