/** Wrong on purpose: no process closes its connection when its client has ended, and so none ends. */
import type { Socket } from "node:net";
import process from "node:process";
import { Transform } from "node:stream";

// The channel closes when the server is gone, however it ended. So no process outlives it.
process.on("disconnect", () => process.exit());

process.once("message", (_, connection: Socket) => {
  connection.allowHalfOpen = true;
  connection.on("error", (error) => console.error(`server: lost a client: ${error.message}`));
  connection.on("close", () => process.exit());

  const answer = new Transform({
    transform: (bytes, _, done) => done(null, uppercase(bytes)),
  });
  connection.pipe(answer).pipe(connection, { end: false });
});

/** Turns the bytes of a-z to A-Z, in place, and leaves every other byte alone: they need not be text. */
function uppercase(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! >= 0x61 && bytes[i]! <= 0x7a) bytes[i]! -= 0x20;
  }
  return bytes;
}
