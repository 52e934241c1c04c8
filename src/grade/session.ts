/** What all checks of one go share: the testbed, the peers on its hosts, the link's events. */
import { type EngineName, MachineError, type StartedTestbed, startTestbed } from "../engine/mod.ts";
import { type Ambient, LinkRuns } from "./link_run.ts";
import { peerProgram } from "./peer_program.ts";
import { HOSTS, Peers } from "./peers.ts";
import { cutShort } from "./cut_short.ts";
import { endLeft } from "./left_connections.ts";
import { CLOSED, connectionsArrive, datagramsArrive } from "./open_way.ts";

/** Connections in TIME-WAIT that a host may have, of 28,232 ports: more than checks leave, and few. */
const MOST_TIME_WAITS = 2000;

/** What a session is started with. */
export interface SessionOptions {
  engine: EngineName | "auto";
  /** The lab's id. */
  lab: string;
  /** The lab's port. */
  port: number;
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
  /**
   * Whether datagrams come from client hosts to that port of the server's place, and back. Between runs, with no program
   * there any more.
   *
   * @throws {Error} Where the link or a peer has ended, or the port is taken.
   */
  isWayOpen(port: number): Promise<boolean>;
  /** Whether connections in TIME-WAIT take so many ports of a host that programs to come may find none. */
  isCrowded(): Promise<boolean>;
}

/** Starts it. @throws {MachineError} Where the machine does not let it, or what its hosts send each other. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const session = await startUntried(options);
  const { port, onNotice, signal = new AbortController().signal } = options;
  try {
    if (await Promise.race([isUsable(session, port), cutShort(session.testbed, signal)])) {
      return session;
    }
    throw new MachineError(CLOSED);
  } catch (cause) {
    await Promise.resolve(session[Symbol.asyncDispose]())
      .catch((error: Error) => onNotice?.(error.message));
    signal.throwIfAborted();
    throw cause instanceof MachineError
      ? cause
      : new MachineError((cause as Error).message, { cause });
  }
}

/** Whether datagrams arrive on it, and connections can be made. */
async function isUsable(session: Session, port: number): Promise<boolean> {
  if (!await session.isWayOpen(port)) return false;
  const to = { host: session.testbed.serverAddress, port };
  return await session.link.plainly(() => connectionsArrive(session.peers, to));
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
      isWayOpen: (port) => link.plainly(() => datagramsArrive(peers, { host, port })),
      async isCrowded() {
        const counts = await Promise.all(
          peers.running.map(async (peer) => (await peer.ask({ op: "timeWaits" })).timeWaits!),
        );
        return counts.some((count) => count > MOST_TIME_WAITS);
      },
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
