/** What all checks of one go share: the testbed, the peers on its hosts, the link's events. */
import { type EngineName, type StartedTestbed, startTestbed } from "../engine/mod.ts";
import { LinkRuns } from "./link_run.ts";
import type { PeerRequest } from "./peer/protocol.ts";
import { PeerClient } from "./peer_client.ts";
import { peerProgram } from "./peer_program.ts";
import { endLeft } from "./left_connections.ts";

/** Client hosts that checks may use. */
export const HOSTS = 3;

/** What a session is started with. */
export interface SessionOptions {
  engine: EngineName | "auto";
  /** The lab's id. */
  lab: string;
  seed: bigint;
  onNotice?: (line: string) => void;
  signal?: AbortSignal;
}

/** A testbed with peers. Disposing ends all of it. */
export interface Session extends AsyncDisposable {
  readonly testbed: StartedTestbed;
  readonly link: LinkRuns;
  /** By client host, from 1; at 0 the one in the server's place. */
  readonly peers: readonly PeerClient[];
  /** No peer waits long any more for what it waits for: the program has ended. Or as long again as usual. */
  hurry(on: boolean): Promise<void>;
  /** Closes whatever the peers have open. */
  clear(): Promise<void>;
  /** Ends the connections that are left at the server's port; no program may be there any more. */
  endLeft(port: number): Promise<void>;
}

/** Starts it. @throws {MachineError} Where the machine does not let it. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const { engine, lab, seed, onNotice, signal } = options;
  const peer = peerProgram();
  const testbed = await startTestbed(engine, {
    lab,
    // Whatever the kernel can do: checks name packets, and only this driver follows a script.
    driver: "tun",
    clients: HOSTS,
    programs: { server: peer, client: peer },
    ...(onNotice === undefined ? {} : { onNotice }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const starts = Array.from(
      { length: HOSTS + 1 },
      (_, host) =>
        PeerClient.start((input) =>
          host === 0
            ? testbed.startServer({ ...peer, input })
            : testbed.startClient({ ...peer, host, input })
        ),
    );
    const [link, ...peers] = await Promise.all([LinkRuns.follow(testbed, seed), ...starts]);
    return {
      testbed,
      link,
      peers,
      hurry: (on) => askAll(peers, { op: on ? "hurry" : "calm" }),
      clear: () => askAll(peers, { op: "clear" }),
      endLeft: (port) => endLeft(peers, { host: testbed.serverAddress, port }),
      async [Symbol.asyncDispose]() {
        link[Symbol.dispose]();
        try {
          await Promise.all(peers.map((one) => one[Symbol.asyncDispose]()));
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

async function askAll(peers: readonly PeerClient[], request: PeerRequest): Promise<void> {
  await Promise.all(peers.map((peer) => peer.ask(request)));
}
