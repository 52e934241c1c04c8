/** What every testbed does alike: it asks its link. */
import { connectLink, type LinkClient, type LinkSetting, type ListenReport } from "../link/mod.ts";

import type { RunOptions } from "./testbed.ts";

/** The part of a testbed that passes on to the link what is asked of it. */
export abstract class LinkedTestbed {
  /** Path of the link's control socket. */
  readonly control: string;
  protected readonly link: LinkClient;

  constructor(link: LinkClient, control: string) {
    this.link = link;
    this.control = control;
  }

  /** Has the last word where the link does not answer: an engine may know more of the reason. */
  protected told<T>(asked: Promise<T>): Promise<T> {
    return asked;
  }

  begin(up: LinkSetting, down: LinkSetting, { drawnSeeds = false, driver }: RunOptions = {}) {
    const options = { drawn: drawnSeeds, ...(driver && { driver }) };
    return this.told(this.link.begin(up, down, options));
  }
  set(change: { up?: LinkSetting; down?: LinkSetting }) {
    return this.told(this.link.set(change));
  }
  show() {
    return this.told(this.link.show());
  }
  reset() {
    return this.told(this.link.reset());
  }
  end() {
    return this.told(this.link.end());
  }
  events(options: { signal?: AbortSignal; enough?: AbortSignal } = {}) {
    return this.told(this.link.events(options));
  }
  capture(side: "client" | "server", options: { signal?: AbortSignal } = {}) {
    return this.told(this.link.capture(side, options));
  }

  socketStates(options: { port?: number } = {}) {
    return this.told(this.link.socketStates(options));
  }

  /** Waits on a connection of its own: what is asked meanwhile is answered meanwhile. */
  async awaitListening(
    wanted: { proto: "udp" | "tcp"; port: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<ListenReport> {
    const { signal, ...socket } = wanted;
    signal?.throwIfAborted();
    using link = await connectLink(this.control);
    const close = () => link.close();
    signal?.addEventListener("abort", close, { once: true });
    try {
      return await this.told(link.awaitListening(socket));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", close);
    }
  }
}
