/** Serves the one connection that `server_processes.ts` hands to it. */
import type { Socket } from "node:net";
import process from "node:process";

process.once("message", (_, connection: Socket) => {
  // TODO 1: in capitals. And what if the client does not read? write() says whether there is room.
  connection.on("data", (bytes) => connection.write(bytes));
  // TODO 5: end the process when the connection has been closed or reset, and when the server is gone
  // (event "disconnect" of `process`): nobody else will.
});
