/**
 * Requests and answers on one TCP connection, told apart where the client waits for each answer before it sends on.
 */
import type { ByteStream } from "./byte_stream.ts";

/** A request whose answer has begun to arrive. */
export interface Turn {
  /** Bytes of the request. */
  bytes: number;
  /** From its first byte's first sending to the arrival of the answer's first byte, in microseconds. */
  trip_us: number;
}

/** A request with the beginning of its answer, which has been sent. */
interface Begun {
  bytes: number;
  sent_us: number;
  /** Behind the request's last byte. */
  to: number;
  /** The answer's first byte. */
  answer: number;
}

/**
 * Finds requests by acknowledgements: what the server has acknowledged when it first sends on, and had not when it did so
 * before, is what it answers.
 */
export class RequestTurns {
  readonly #up: ByteStream;
  readonly #down: ByteStream;
  #begun: Begun[] = [];
  #last: Begun | null = null;
  /** All of the client's bytes below it are answered, or have begun to be. */
  answeredTo = 1;
  /** Whether the client has sent on before its answer came: then there is no telling requests apart. */
  streamed = false;

  constructor(up: ByteStream, down: ByteStream) {
    this.#up = up;
    this.#down = down;
  }

  /** The server's first byte of which the arrival will be asked for; infinite if none is. */
  get waitsFor(): number {
    return (this.#begun[0]?.answer ?? Infinity) - 1;
  }

  /** Notes that the server begins to send at `answer`, having got all of the client's data below `to`. */
  begin(to: number, answer: number): void {
    const last = this.#begun.at(-1);
    // What is lost is told at once, what arrives later: the second segment may be told before the first.
    if (last?.to === to) last.answer = Math.min(last.answer, answer);
    if (to <= this.answeredTo) return;
    const sent_us = this.#up.firstSent(this.answeredTo);
    const bytes = to - this.answeredTo;
    if (sent_us !== null) this.#begun.push({ bytes, sent_us, to, answer });
    this.answeredTo = to;
  }

  /**
   * The requests whose answers have begun to arrive since.
   *
   * @param end Behind the last of the client's data, where that is known.
   */
  settle(end: number | null): Turn[] {
    const turns: Turn[] = [];
    for (let first = this.#begun[0]; first !== undefined; first = this.#begun[0]) {
      const { bytes, sent_us } = first;
      const arrival = this.#down.arrival(first.answer);
      if (arrival === null) break;
      this.#begun.shift();
      if (this.#isOverlapped(first, arrival, end)) this.streamed = true;
      if (!this.streamed) turns.push({ bytes, trip_us: arrival - sent_us });
      this.#last = first;
    }
    return this.streamed ? [] : turns;
  }

  /** Whether the client sent on before the answer began to come, or sent this request before the last answer was whole. */
  #isOverlapped({ sent_us, to, answer }: Begun, arrival: number, end: number | null): boolean {
    const next = to === end ? null : this.#up.firstSent(to);
    if (next !== null && next < arrival) return true;
    if (this.#last === null || answer <= this.#last.answer) return false;
    const whole = this.#down.arrival(answer - 1);
    return whole !== null && whole > sent_us;
  }
}
