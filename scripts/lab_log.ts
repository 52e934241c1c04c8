/** The log of a lab that is up: what its server prints, and what becomes of its packets. */
import { driverText } from "../src/link/mod.ts";
import type { LinkEvent, PacketEvent } from "../src/packet/mod.ts";
import { settingText } from "./setting_text.ts";

/** A log that has grown to this many bytes takes no more: a lab may stay up for days. */
const largest = 16 * 1024 * 1024;

/** Writes `lab.log`. */
export class LabLog implements Disposable {
  readonly #file: Deno.FsFile;
  #written = 0;

  /** @param path Where; the file is made. */
  constructor(path: string) {
    this.#file = Deno.openSync(path, { create: true, append: true });
  }

  /** Appends a line with who said it. */
  line(who: "server" | "link", text: string): void {
    if (this.#written > largest) return;
    const line = `${who.padStart(6)} │ ${text}\n`;
    this.#written += line.length;
    const full = this.#written > largest ? "  link │ the log is full, and ends here\n" : "";
    this.#file.writeSync(new TextEncoder().encode(line + full));
  }

  /** Appends what an event says. */
  event(event: LinkEvent): void {
    this.line("link", eventText(event));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Returns an event in one line. */
export function eventText(event: LinkEvent): string {
  switch (event.ev) {
    case "begin":
      return `run ${event.epoch} begins, ${driverText(event)}: up ${settingText(event.up)}; down ${
        settingText(event.down)
      }`;
    case "set":
      return `set: up ${settingText(event.up)}; down ${settingText(event.down)}`;
    case "end":
      return `the run ends: up ${event.up.seen} seen, ${event.up.lost} lost; down ${event.down.seen} seen, ${event.down.lost} lost`;
    case "packet":
      return packetText(event);
  }
}

function packetText(event: PacketEvent): string {
  const what = event.udp
    ? `udp ${event.udp.len} bytes`
    : event.tcp
    ? `tcp ${event.tcp.flags} ${event.tcp.len} bytes`
    : event.proto;
  const times = event.copies.map((copy) =>
    `${((copy.at_us - event.t_us) / 1000).toFixed(1)} ms${copy.corrupted ? " damaged" : ""}`
  );
  const fate = event.fate === "lost"
    ? `lost (${event.cause ?? "loss"})`
    : `${event.fate} after ${times.join(" and ")}${event.reordered ? ", overtaking" : ""}`;
  return `${event.dir.padEnd(4)} ${event.n}  ${event.src} > ${event.dst}  ${what}  ${fate}`;
}
