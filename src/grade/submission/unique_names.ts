/** Names by which submissions are told apart. Pure. */

/**
 * Returns a name for each of different absolute paths: as few of its last parts as no other's name has, too.
 *
 * ```ts
 * uniqueNames(["/a/anna", "/a/ben", "/b/ben"]); // ["anna", "a/ben", "b/ben"]
 * ```
 */
export function uniqueNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split("/").filter((part) => part !== ""));
  const names = parts.map(() => "");
  let shared = parts.map((_, index) => index);
  for (let count = 1; shared.length > 0; count++) {
    const tails = new Map<string, number[]>();
    for (const index of shared) {
      const tail = parts[index]!.slice(-count).join("/");
      tails.set(tail, [...tails.get(tail) ?? [], index]);
    }
    for (const [tail, [first, ...others]] of tails) {
      if (others.length === 0) names[first!] = tail || "/";
    }
    shared = [...tails.values()].filter((all) => all.length > 1).flat();
  }
  return names;
}
