/**
 * The link: the impaired wire in front of the server, and the client of its control socket.
 * @module
 */
export { linkCommand, probeCommand } from "./command.ts";
export type { TcFacts } from "./tc/probe.ts";
export type { LinkOptions } from "./options.ts";
export { type BeginOptions, connectLink, LinkClient, LinkError, LinkRefusal } from "./client.ts";
export {
  chooseDriver,
  type DriverName,
  type DriverReport,
  driverText,
  type DriverWish,
  isTcRefusal,
  knowsSeeds,
  seedReason,
} from "./driver_choice.ts";
export { readyMarker } from "./ready_marker.ts";
export type {
  LinkAnswer,
  LinkBegin,
  LinkBegun,
  LinkEnd,
  LinkRequest,
  LinkSetting,
  LinkState,
  ListeningSocket,
  ListenReport,
  SocketReport,
} from "./protocol.ts";
export type { SocketState, SocketStates } from "./socket_states.ts";
export { readDistribution } from "./tables.ts";
