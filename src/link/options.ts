/**
 * The command line of the link's own program.
 */

/** What the program is told. */
export interface LinkOptions {
  /** The interface whose packets it takes. Default `eth0`. */
  device: string;
  /** Path of the control socket. */
  socket: string;
  /** Default `auto`. */
  driver: "auto" | "tc" | "tun";
  /** Whether it ends when its standard input does. */
  ownerStdin: boolean;
}

const drivers = ["auto", "tc", "tun"] as const;

/**
 * Reads the arguments; by hand, for a library's parser is five megabytes of the link's memory.
 *
 * @throws {Error} At an unknown option, or one without its value.
 */
export function readOptions(args: readonly string[]): LinkOptions {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!;
    if (name === "--owner-stdin") {
      given.set(name, "");
      continue;
    }
    if (!["--device", "--socket", "--driver"].includes(name)) {
      throw new Error(
        `Start the link with --device, --socket, --driver or --owner-stdin, not ${name}`,
      );
    }
    const value = args[++i];
    if (value === undefined) throw new Error(`Give a value after ${name}`);
    given.set(name, value);
  }
  const socket = given.get("--socket");
  if (socket === undefined) throw new Error("Say where the control socket goes: --socket PATH");
  const wanted = given.get("--driver") ?? "auto";
  const driver = drivers.find((one) => one === wanted);
  if (driver === undefined) throw new Error(`Use --driver ${drivers.join(", ")}, not ${wanted}`);
  return {
    socket,
    driver,
    device: given.get("--device") ?? "eth0",
    ownerStdin: given.has("--owner-stdin"),
  };
}
