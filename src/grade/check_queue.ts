/** Which check a testbed takes next, of those that a submission has before it. Pure. */

/** What a check judges, as far as it decides what has to be started for it. */
export type Role = "server" | "client";

/** Hands out checks by number, each once. */
export class CheckQueue {
  readonly #roles: readonly Role[];
  readonly #parted: boolean;
  readonly #open: number[];
  /** What each testbed has begun with. */
  readonly #begunWith = new Map<number, Role>();

  /**
   * @param roles What each check judges.
   * @param parted Whether a testbed keeps to the role that it has begun with as long as another one has the other: what
   * the second role needs is then started once less, and all end later.
   */
  constructor(roles: readonly Role[], { parted }: { parted: boolean }) {
    this.#roles = roles;
    this.#parted = parted;
    this.#open = [...roles.keys()];
  }

  /**
   * Takes the next check for a testbed, counted from 0; undefined where none is left for it. Every other testbed takes
   * them from the front, the others from behind: so most meet servers alone or clients alone.
   */
  take(testbed: number): number | undefined {
    const inOrder = testbed % 2 === 0 ? this.#open : this.#open.toReversed();
    const index = inOrder.find((one) => this.#isFor(testbed, this.#roles[one]!));
    if (index === undefined) return undefined;
    this.#open.splice(this.#open.indexOf(index), 1);
    if (!this.#begunWith.has(testbed)) this.#begunWith.set(testbed, this.#roles[index]!);
    return index;
  }

  #isFor(testbed: number, role: Role): boolean {
    const own = this.#begunWith.get(testbed);
    if (!this.#parted || own === undefined || own === role) return true;
    return ![...this.#begunWith.values()].includes(role);
  }
}
