/** What a check is handed, guarded against checks that do several things at once. */

/**
 * Returns the object with each of its methods guarded: what it promises may fail with nobody waiting, as where another
 * thing done at the same time has failed the check; and once the check is over it does nothing any more.
 */
export function guarded<T extends object>(api: T, over: () => boolean): T {
  return new Proxy(api, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (over()) throw new Error("This check is over");
        const result: unknown = value.apply(target, args);
        if (!(result instanceof Promise)) return result;
        const promise = result.then((made) => isSocket(made) ? guarded(made, over) : made);
        promise.catch(() => {});
        return promise;
      };
    },
  });
}

/** Streams, listeners, sockets and programs, as against bytes and figures. */
function isSocket(made: unknown): made is object {
  return typeof made === "object" && made !== null &&
    ["send", "accept", "kill"].some((name) => name in made);
}
