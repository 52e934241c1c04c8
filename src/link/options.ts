/**
 * The command line of the link's own program.
 */

/** What the program is told. */
export interface LinkOptions {
  /** The interface whose packets it takes. Default `eth0`. */
  device: string;
  /** Path of the control socket. May be left out with `muxStdio`. */
  socket?: string;
  /** Group that may use the socket, by number. Default: only the link's own user may. */
  socketGroup?: number;
  /** Default `auto`. */
  driver: "auto" | "tc" | "tun";
  /** Whether it ends when its standard input does. */
  ownerStdin: boolean;
  /** Whether control connections come over standard input and output too (`src/mux`); so `ownerStdin`. */
  muxStdio?: boolean;
  /** Whether the device's alias says `socklab ready` while packets pass through the link. */
  readyMarker?: boolean;
}

const drivers = ["auto", "tc", "tun"] as const;
const switches = ["--owner-stdin", "--mux-stdio", "--ready-marker"];
const valued = ["--device", "--socket", "--socket-group", "--driver"];

/**
 * Reads the arguments; by hand, for a library's parser is five megabytes of the link's memory.
 *
 * @throws {Error} At an unknown option, or one without its value.
 */
export function readOptions(args: readonly string[]): LinkOptions {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!;
    if (switches.includes(name)) {
      given.set(name, "");
      continue;
    }
    if (!valued.includes(name)) {
      throw new Error(
        `Start the link with ${valued.join(", ")}, ${switches.join(" or ")}, not ${name}`,
      );
    }
    const value = args[++i];
    if (value === undefined) throw new Error(`Give a value after ${name}`);
    given.set(name, value);
  }
  const socket = given.get("--socket");
  const muxStdio = given.has("--mux-stdio");
  if (socket === undefined && !muxStdio) {
    throw new Error("Say where the control socket goes: --socket PATH, or --mux-stdio");
  }
  const wanted = given.get("--driver") ?? "auto";
  const driver = drivers.find((one) => one === wanted);
  if (driver === undefined) throw new Error(`Use --driver ${drivers.join(", ")}, not ${wanted}`);
  const group = given.get("--socket-group");
  if (group !== undefined && !/^\d{1,10}$/.test(group)) {
    throw new Error(`Give --socket-group the number of a group, not ${group}`);
  }
  return {
    ...(socket !== undefined && { socket }),
    ...(group !== undefined && { socketGroup: Number(group) }),
    driver,
    device: given.get("--device") ?? "eth0",
    ownerStdin: given.has("--owner-stdin") || muxStdio,
    muxStdio,
    readyMarker: given.has("--ready-marker"),
  };
}
