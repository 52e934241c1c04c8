/** The checks of lab2, each program's in a file of its own. */
import { type Check, defineChecks } from "../../src/grade/mod.ts";
import { clientHandlerChecks } from "./checks/client_handler.ts";
import { clientTcpChecks } from "./checks/client_tcp.ts";
import { clientUdpChecks } from "./checks/client_udp.ts";
import { serverHandlerChecks } from "./checks/server_handler.ts";
import { serverTcpChecks } from "./checks/server_tcp.ts";
import { serverUdpChecks } from "./checks/server_udp.ts";

export const checks: readonly Check[] = defineChecks([
  ...serverTcpChecks,
  ...serverUdpChecks,
  ...serverHandlerChecks,
  ...clientTcpChecks,
  ...clientUdpChecks,
  ...clientHandlerChecks,
]);
