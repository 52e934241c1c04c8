/**
 * A run of TCP told: each connection by what happens to it, or, of many, how many there are.
 */
import type { LinkEvent, PacketEvent } from "../packet/mod.ts";
import { ladderRows, ladderText } from "../view/mod.ts";
import { amount, connectionLine, plural } from "./connection_lines.ts";
import { ConnectionPackets } from "./connection_packets.ts";
import { connectionStatistics, tallyConnections } from "./connection_tally.ts";
import type { Connection, ConnectionNotice } from "./connection.ts";
import { Connections, type ConnectionsOptions } from "./connections.ts";
import { LineBudget } from "./line_budget.ts";
import type { LineOptions } from "./report_lines.ts";
import { stateSummary, stateTable } from "./state_table.ts";
import type { Picture, PictureOptions, Teller } from "./teller.ts";

/** The most rows of a connection's ladder. */
const MOST_ROWS = 30;

/** Tells connections. */
export class ConnectionTeller implements Teller {
  readonly #connections: Connections;
  readonly #packets = new ConnectionPackets();
  readonly #budget = new LineBudget();
  readonly #lines: LineOptions;
  /** What has happened since the last line that sums up. */
  #unsaid = new Map<Told, number>();
  /** Packets that the first connection's ladder shows. */
  #drawn = new Set<PacketEvent>();

  /** @param lines How its lines are written. */
  constructor(options: ConnectionsOptions, lines: LineOptions) {
    this.#connections = new Connections(options);
    this.#lines = lines;
  }

  /** Every connection so far. */
  get connections(): Connection[] {
    return this.#connections.connections;
  }

  /** Whether every connection is closed, reset or refused. */
  get over(): boolean {
    return this.#connections.over;
  }

  /** Takes the next event; returns the lines to say. */
  push(event: LinkEvent): string[] {
    const lines: string[] = [];
    if (this.#budget.advance(event)) lines.push(...this.#sumUp());
    const notices = this.#connections.push(event);
    this.#packets.push(event, notices);
    if (event.ev === "end") notices.push(...this.#connections.finish());
    for (const notice of notices) {
      if (this.#budget.take()) lines.push(connectionLine(notice, this.#lines));
      else {
        const what = kindOf(notice);
        this.#unsaid.set(what, (this.#unsaid.get(what) ?? 0) + 1);
      }
    }
    if (event.ev === "end") lines.push(...this.#sumUp());
    return lines;
  }

  #sumUp(): string[] {
    const parts = KINDS.flatMap(([kind, noun, words]) => {
      const count = this.#unsaid.get(kind) ?? 0;
      return count === 0 ? [] : [words.replace("#", () => plural(count, noun))];
    });
    this.#unsaid.clear();
    const mark = "…".padStart(this.#lines.digits ?? 2);
    return parts.length === 0 ? [] : [`${mark}  and ${parts.join(", ")}`];
  }

  /** What the connections come to. */
  statistics(): string[] {
    return connectionStatistics(tallyConnections(this.connections));
  }

  /**
   * The first segment that was lost and sent again or, without one, the first connection that was reset or refused;
   * null also where the first connection's ladder shows it.
   */
  firstWrong(options: PictureOptions): Picture | null {
    const { loss: picture, broken } = this.#packets;
    if (picture === null) {
      return broken && this.#draw(brokenTitle(broken.connection), broken, options);
    }
    const { connection, dir, loss } = picture;
    const lost = picture.packets.find((one) => one.dir === dir && one.t_us === loss.sent_us);
    if (lost && this.#drawn.has(lost)) return null;
    const what = loss.kind === "data" ? amount(loss.bytes) : `a ${loss.kind}`;
    const title = `The first segment that was sent again: ${what} to the ${
      dir === "up" ? "server" : "client"
    }, connection ${connection.number}`;
    return this.#draw(title, picture, options);
  }

  #draw(
    title: string,
    { connection, packets }: { connection: Connection; packets: readonly PacketEvent[] },
    options: PictureOptions,
  ): Picture | null {
    if (packets.every((packet) => this.#drawn.has(packet))) return null;
    return { title, lines: ladderText(packets, { ...options, origins: originsOf(connection) }) };
  }

  /** The first connection from its SYN to its end; null without any. */
  ladder(options: PictureOptions): Picture | null {
    const [connection] = this.connections;
    if (connection === undefined) return null;
    const { first, omitted } = this.#packets;
    const layout = { maxRows: MOST_ROWS, omitted, origins: originsOf(connection) };
    for (const row of ladderRows(first, layout)) if ("packet" in row) this.#drawn.add(row.packet);
    return {
      title:
        `Connection ${connection.number} from its SYN on; seq and ack count from each end's own`,
      lines: ladderText(first, { ...options, ...layout }),
    };
  }

  /** The states of the first connection's ends, step by step, and what those of all come to. */
  states(): Picture | null {
    const { connections } = this;
    const [connection] = connections;
    if (connection === undefined) return null;
    return {
      title: `Connection ${connection.number}: the states of its ends (RFC 9293)`,
      lines: [...stateTable(connection), "", ...stateSummary(connections)],
    };
  }
}

/** What is summed up: notices by their kind; a segment that the end of the run has caught is not lost. */
type Told = ConnectionNotice["kind"] | "under way";

function kindOf(notice: ConnectionNotice): Told {
  return notice.kind === "lost" && notice.loss.cause === "end" ? "under way" : notice.kind;
}

/** What a line that sums up says of each kind: the noun that is counted, and what happened. */
const KINDS: readonly (readonly [Told, string, string])[] = [
  ["opened", "connection", "# opened"],
  ["refused", "connection", "# refused"],
  ["answered", "request", "# answered"],
  ["lost", "segment", "# lost"],
  ["under way", "segment", "# on the way at the end"],
  ["again", "segment", "# sent again though not lost"],
  ["closed", "connection", "# closed"],
  ["reset", "connection", "# reset"],
  ["left", "connection", "# left open"],
];

function originsOf({ client, server, origin }: Connection): Record<string, number> {
  return {
    ...(origin.up !== null && { [`${client}>${server}`]: origin.up }),
    ...(origin.down !== null && { [`${server}>${client}`]: origin.down }),
  };
}

function brokenTitle({ number, refused }: Connection): string {
  return `The first connection that was ${refused ? "refused" : "reset"}: number ${number}`;
}
