/** The lab-specific part of what a run tells: what its manifest names under `shows`. */
import type { LabManifest } from "../src/lab/mod.ts";
import type { SocketStates } from "../src/link/mod.ts";
import {
  ConnectionTeller,
  type Picture,
  type PictureOptions,
  socketText,
  type Teller,
} from "../src/run/mod.ts";

/** What there is to show besides what the packets tell. */
export interface ShowOptions extends PictureOptions {
  /** The sockets of the server's port at the end, where they were counted. */
  sockets: SocketStates | null;
  /** Lines on new files in the server's folder of logs. */
  logs: readonly string[];
  /** How its user sees the sockets at the server. */
  look: string;
}

/** The pictures that a lab wants of its runs. */
export function shownOf(teller: Teller, lab: LabManifest, options: ShowOptions): Picture[] {
  return (lab.shows ?? []).flatMap((what): Picture[] => {
    if (what === "logs") return logs(options);
    if (!(teller instanceof ConnectionTeller)) return [];
    if (what === "handshake") return [teller.ladder(options)].filter((one) => one !== null);
    return states(teller, options);
  });
}

function logs({ logs }: ShowOptions): Picture[] {
  const title = "New files in the server's folder of logs";
  return [{ title, lines: logs.length > 0 ? [...logs] : ["none"] }];
}

function states(teller: ConnectionTeller, options: ShowOptions): Picture[] {
  const picture = teller.states();
  if (picture === null) return [];
  const { sockets } = options;
  const counted = sockets === null ? [] : [
    `Sockets at the server when the run ended, by its kernel: ${socketText(sockets)}`,
    `To see them: ${options.look}`,
  ];
  return [{ ...picture, lines: [...picture.lines, ...counted] }];
}
