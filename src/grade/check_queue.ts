/** Which check a testbed takes next, of those that a submission has before it. */

/** What a check judges, as far as it decides what has to be started for it. */
export type Role = "server" | "client";

/**
 * Hands out checks by number, each once. Every other testbed takes them from the front, the others from behind: so most
 * meet servers alone or clients alone.
 */
export class CheckQueue {
  readonly #roles: readonly (Role | null)[];
  readonly #worth: number;
  readonly #open: number[];
  /** What each testbed has begun with. */
  readonly #begunWith = new Map<number, Role>();
  /** Seconds that checks of a role took, and how many there were. */
  readonly #took = { server: { seconds: 0, checks: 0 }, client: { seconds: 0, checks: 0 } };

  /**
   * @param roles What each check judges; null where nothing has to be started for it.
   * @param worth Seconds that one testbed less is worth on which both roles were started. A testbed keeps to the one that
   * it has begun with where another has the other, unless what is left of that would take it longer. 0: all are to end soon.
   */
  constructor(roles: readonly (Role | null)[], { worth }: { worth: number }) {
    this.#roles = roles;
    this.#worth = worth;
    this.#open = [...roles.keys()];
  }

  /** Takes the next check for a testbed, counted from 0; undefined where none is left for it. */
  take(testbed: number): number | undefined {
    const inOrder = testbed % 2 === 0 ? this.#open : this.#open.toReversed();
    const index = inOrder.find((one) => this.#isFor(testbed, this.#roles[one]!));
    if (index === undefined) return undefined;
    this.#open.splice(this.#open.indexOf(index), 1);
    const role = this.#roles[index]!;
    if (role !== null && !this.#begunWith.has(testbed)) this.#begunWith.set(testbed, role);
    return index;
  }

  /** A check has ended that was taken. */
  ended(index: number, seconds: number): void {
    const role = this.#roles[index]!;
    if (role === null) return;
    this.#took[role].seconds += seconds;
    this.#took[role].checks++;
  }

  #isFor(testbed: number, role: Role | null): boolean {
    const own = this.#begunWith.get(testbed);
    if (role === null || own === undefined || own === role) return true;
    if (![...this.#begunWith.values()].includes(role)) return true;
    const left = this.#open.filter((index) => this.#roles[index] === role).length;
    const { seconds, checks } = this.#took[role];
    // Of one that takes long, none has ended yet.
    return checks === 0 || left * seconds / checks > this.#worth;
  }
}
