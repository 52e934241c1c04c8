/** The peers of a testbed: one in the server's place and one on each client host, each when it is first needed. */
import type { StartedTestbed } from "../engine/mod.ts";
import type { PeerRequest } from "./peer/protocol.ts";
import { PeerClient } from "./peer_client.ts";
import { peerProgram } from "./peer_program.ts";

/** Client hosts that checks may use. */
export const HOSTS = 3;

/** Starts them. Disposing ends those that run. */
export class Peers implements AsyncDisposable {
  readonly #testbed: StartedTestbed;
  readonly #starting = new Map<number, Promise<PeerClient>>();
  /** Those that run, the one in the server's place first. */
  readonly #running: PeerClient[] = [];
  #hurry = false;

  private constructor(testbed: StartedTestbed) {
    this.#testbed = testbed;
  }

  /** Starts those that every check needs: in the server's place, and on client host 1. */
  static async start(testbed: StartedTestbed): Promise<Peers> {
    const peers = new Peers(testbed);
    await Promise.all([peers.at(0), peers.at(1)]);
    return peers;
  }

  /** The one on a client host, from 1; at 0 the one in the server's place. */
  at(host: number): Promise<PeerClient> {
    if (!Number.isInteger(host) || host < 0 || host > HOSTS) {
      throw new RangeError(`Use a client host from 1 to ${HOSTS}, not ${host}`);
    }
    const known = this.#starting.get(host);
    if (known !== undefined) return known;
    const starting = this.#start(host);
    this.#starting.set(host, starting);
    return starting;
  }

  async #start(host: number): Promise<PeerClient> {
    const peer = peerProgram();
    const client = await PeerClient.start((input) =>
      host === 0
        ? this.#testbed.startServer({ ...peer, input })
        : this.#testbed.startClient({ ...peer, host, input })
    );
    if (this.#hurry) await client.ask({ op: "hurry" });
    if (host === 0) this.#running.unshift(client);
    else this.#running.push(client);
    return client;
  }

  /** Those that run, the one in the server's place first. */
  get running(): readonly PeerClient[] {
    return this.#running;
  }

  /** None waits long any more for what it waits for: the program has ended. Or as long again as usual. */
  async hurry(on: boolean): Promise<void> {
    this.#hurry = on;
    await this.#askAll({ op: on ? "hurry" : "calm" });
  }

  /** Closes whatever they have open; all have as much patience as usual again. */
  async clear(): Promise<void> {
    this.#hurry = false;
    await this.#askAll({ op: "clear" });
  }

  async #askAll(request: PeerRequest): Promise<void> {
    await Promise.all(this.#running.map((peer) => peer.ask(request)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#starting.values());
    await Promise.all(this.#running.map((peer) => peer[Symbol.asyncDispose]()));
  }
}
