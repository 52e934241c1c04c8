/**
 * One flow: the requests of one client socket to one server, and which of them an answer belongs to.
 */
import type { Datagram } from "./datagram.ts";
import type { Exchange, ExchangeOutcome } from "./exchange.ts";

/** A request whose answer is sought. */
export interface Entry {
  exchange: Exchange;
  /** What its answer looks like. */
  key: string;
  /** The first packet's number in its direction. */
  n: number;
  /** When each whole copy of the request reached the server. */
  arrivals: readonly number[];
  /** Answers matched to it, lost ones included. */
  answers: number;
  /** What it comes to if no answer arrives, by the answers seen so far. */
  without: ExchangeOutcome;
  /** Round trips of further answers that nobody was told of yet, for its number is not known. */
  untold: number[];
}

/** Requests in order of sending, and how many at the front need not be looked at any more. */
interface Queue {
  entries: Entry[];
  done: number;
}

/** So many requests at least are remembered; answers to older ones count as strays. */
const KEPT = 10_000;

/** The requests of one flow. */
export class Flow {
  /** Answers that fit no request known so far. */
  held: Datagram[] = [];
  #all: Queue = { entries: [], done: 0 };
  #byKey = new Map<string, Queue>();
  /** First answers by their arrival, with the latest sending among them so far. */
  #arrived: { at: number; entry: Entry; latest: number }[] = [];

  /** Takes a request that reached the server. */
  add(entry: Entry): void {
    insert(this.#all, entry);
    this.#enter(entry);
    if (this.#all.entries.length > 2 * KEPT) this.#forget();
  }

  #enter(entry: Entry): void {
    let queue = this.#byKey.get(entry.key);
    if (!queue) this.#byKey.set(entry.key, queue = { entries: [], done: 0 });
    insert(queue, entry);
  }

  #forget(): void {
    const entries = this.#all.entries.slice(-KEPT);
    this.#all = { entries, done: 0 };
    this.#byKey.clear();
    for (const entry of entries) this.#enter(entry);
    this.#arrived = this.#arrived.slice(-KEPT);
  }

  /** The request that an answer belongs to by what it looks like, or null. */
  match(answer: Datagram, key: string): Entry | null {
    const queue = this.#byKey.get(key);
    return queue ? choose(queue, answer) : null;
  }

  /** The oldest request that has reached the server and has no answer yet, or null. */
  oldestUnanswered(answer: Datagram): Entry | null {
    const entry = choose(this.#all, answer);
    return entry && entry.answers === 0 ? entry : null;
  }

  /**
   * Notes the first answer to a request reaching the client. Returns the requests now known to be
   * answered after a later one: this one, or others whose answers arrived after it.
   */
  arrived(entry: Entry, at: number): Entry[] {
    const sent = entry.exchange.sent_us;
    const overtaken: Entry[] = [];
    let place = this.#arrived.length;
    for (; place > 0 && this.#arrived[place - 1]!.at > at; place--) {
      const other = this.#arrived[place - 1]!.entry;
      if (other.exchange.sent_us < sent) overtaken.push(other);
    }
    if (place > 0 && this.#arrived[place - 1]!.latest > sent) overtaken.push(entry);
    this.#arrived.splice(place, 0, { at, entry, latest: sent });
    for (let i = place; i < this.#arrived.length; i++) {
      const before = i > 0 ? this.#arrived[i - 1]!.latest : 0;
      const one = this.#arrived[i]!;
      one.latest = Math.max(before, one.entry.exchange.sent_us);
    }
    return overtaken;
  }
}

function insert({ entries }: Queue, entry: Entry): void {
  let at = entries.length;
  while (at > 0 && entries[at - 1]!.exchange.sent_us > entry.exchange.sent_us) at--;
  entries.splice(at, 0, entry);
}

/** So many requests that were given up are still looked through for the owner of a late answer. */
const PATIENCE = 1000;

/**
 * Among requests that had reached the server: the oldest without an answer, one of the same size
 * if there is one, one not given up yet if there is one; else the oldest that was doubled on its way and lacks an answer to a copy; else
 * the latest (a server that answers twice).
 */
function choose(queue: Queue, answer: Datagram): Entry | null {
  const { entries } = queue;
  // The last stays in sight: duplicates of its answer may come.
  while (
    queue.done < entries.length - 1 && isDone(entries[queue.done]!, entries.length - queue.done)
  ) {
    queue.done++;
  }
  let open: Entry | null = null, givenUp: Entry | null = null;
  let doubled: Entry | null = null, latest: Entry | null = null;
  for (let i = queue.done; i < entries.length; i++) {
    const entry = entries[i]!;
    if (entry.arrivals[0]! > answer.t_us) continue;
    latest = entry;
    if (entry.answers > 0) {
      if (entry.answers < entry.arrivals.length) doubled ??= entry;
    } else if (entry.exchange.outcome !== null) givenUp ??= entry;
    else if (entry.exchange.bytes === answer.bytes) return entry;
    else open ??= entry;
  }
  return open ?? givenUp ?? doubled ?? latest;
}

function isDone(entry: Entry, inSight: number): boolean {
  return entry.answers > 0
    ? entry.answers >= entry.arrivals.length
    : entry.exchange.outcome !== null && inSight > PATIENCE;
}
