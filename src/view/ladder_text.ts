import { splitPort } from "../packet/mod.ts";
import type { PacketEvent } from "../packet/mod.ts";
import { type LadderLayout, type LadderPacketRow, ladderRows } from "./ladder_rows.ts";
import type { LadderRow, LadderTone } from "./ladder_rows.ts";

/** How to draw a ladder as text. */
export interface LadderTextOptions extends LadderLayout {
  /** Columns of the terminal; narrower than 50 is drawn as 50. Default 80. */
  width?: number;
  /** Draw with ASCII alone. Default false. */
  ascii?: boolean;
  /** Colour with ANSI codes. Default false. */
  colour?: boolean;
}

const UNICODE = {
  lane: "│",
  link: "┊",
  pause: "┊",
  line: "─",
  right: "▶",
  left: "◀",
  cross: "┼",
  dies: "✗",
  fromLeft: "├",
  fromRight: "┤",
  damaged: "~",
  more: "⋮",
  cut: "…",
};
const ASCII: typeof UNICODE = {
  lane: "|",
  link: ":",
  pause: ":",
  line: "-",
  right: ">",
  left: "<",
  cross: "+",
  dies: "X",
  fromLeft: "|",
  fromRight: "|",
  damaged: "~",
  more: ":",
  cut: "..",
};
const DIM = "2";
const TONES: Readonly<Record<LadderTone, string>> = {
  plain: "",
  lost: "31",
  duplicate: "33",
  overtaken: "36",
  damaged: "35",
};

/** Characters of one line with the colour of each. */
class Line {
  readonly width: number;
  #cells: string[];
  #colours: string[];

  constructor(width: number) {
    this.width = width;
    this.#cells = new Array(width).fill(" ");
    this.#colours = new Array(width).fill("");
  }

  put(at: number, text: string, colour = ""): void {
    for (const [i, letter] of [...text].entries()) {
      if (at + i < 0 || at + i >= this.#cells.length) continue;
      this.#cells[at + i] = letter;
      this.#colours[at + i] = colour;
    }
  }

  text(coloured: boolean): string {
    let end = this.#cells.length;
    while (end > 0 && this.#cells[end - 1] === " ") end--;
    if (!coloured) return this.#cells.slice(0, end).join("");
    let text = "", now = "";
    for (let i = 0; i < end; i++) {
      const colour = this.#cells[i] === " " ? now : this.#colours[i]!;
      if (colour !== now) text += (now ? "\x1b[0m" : "") + (colour ? `\x1b[${colour}m` : "");
      now = colour;
      text += this.#cells[i];
    }
    return now ? `${text}\x1b[0m` : text;
  }
}

/** Where things stand in a line. */
interface Columns {
  width: number;
  client: number;
  link: number;
  server: number;
}

/**
 * The exchange as a ladder: the client on the left, the server on the right, the link between
 * them, time flowing down. A lost packet's arrow ends in the link; one that arrives out of turn is
 * drawn where it left and again where it arrives. Times are milliseconds since the run began.
 *
 * Returns lines without their ends, empty if there are no packets.
 */
export function ladderText(
  packets: readonly PacketEvent[],
  options: LadderTextOptions = {},
): string[] {
  if (packets.length === 0) return [];
  const glyphs = options.ascii ? ASCII : UNICODE;
  const rows = ladderRows(packets, options);
  const times = rows.flatMap((row) => "packet" in row ? [row.leftUs, row.arrivedUs] : []);
  const room = Math.max(...times.map((us) => us === null ? 0 : milliseconds(us).length));
  const width = Math.max(50, options.width ?? 80);
  const server = width - room - 2;
  const columns = { width, client: room + 1, link: (room + 1 + server) >> 1, server };
  const lines = [
    ...header(packets, columns),
    ...rows.map((row) => draw(row, columns, glyphs)),
  ];
  return lines.map((line) => line.text(options.colour ?? false));
}

function milliseconds(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}

function header(packets: readonly PacketEvent[], columns: Columns): Line[] {
  const names = new Line(columns.width), addresses = new Line(columns.width);
  const further = new Line(columns.width);
  centre(names, columns.client, "client");
  centre(names, columns.link, "link");
  centre(names, columns.server, "server");
  const clients = packets.map((packet) => packet.dir === "up" ? packet.src : packet.dst);
  const servers = packets.map((packet) => packet.dir === "up" ? packet.dst : packet.src);
  const client = common(clients), server = common(servers);
  // Two long IPv6 addresses do not fit beside each other.
  const beside = client.length + 2 + server.length <= columns.width;
  centre(addresses, columns.client, client, DIM);
  centre(beside ? addresses : further, columns.server, server, DIM);
  return beside ? [names, addresses] : [names, addresses, further];
}

/** The one address of this end, with its port if that is one too; empty if there are several. */
function common(addresses: readonly string[]): string {
  // Later fragments have no port: they do not make a second address.
  const withPorts = new Set(addresses.filter((address) => splitPort(address).port !== null));
  const hosts = new Set(addresses.map((address) => splitPort(address).address));
  if (withPorts.size === 1) return [...withPorts][0]!;
  return hosts.size === 1 ? [...hosts][0]! : "";
}

/** Text around a column, pushed inside where it would stand out. */
function centre(line: Line, column: number, text: string, colour = ""): void {
  const widest = line.text(false).length;
  const inside = Math.min(column - (text.length >> 1), line.width - text.length);
  const at = Math.max(0, inside, widest === 0 ? 0 : widest + 2);
  line.put(at, text, colour);
}

function draw(row: LadderRow, columns: Columns, glyphs: typeof UNICODE): Line {
  const line = new Line(columns.width);
  if (!("packet" in row)) {
    for (const at of [columns.client, columns.link, columns.server]) {
      line.put(at, row.kind === "pause" ? glyphs.pause : glyphs.more, DIM);
    }
    if (row.kind === "omitted") {
      line.put(columns.client + 3, `${row.amount} more`, DIM);
    }
    return line;
  }
  line.put(columns.client, glyphs.lane, DIM);
  line.put(columns.link, glyphs.link, DIM);
  line.put(columns.server, glyphs.lane, DIM);
  drawTimes(line, row, columns);
  drawArrow(line, row, columns, glyphs);
  return line;
}

function drawTimes(line: Line, row: LadderPacketRow, columns: Columns): void {
  const up = row.packet.dir === "up";
  const client = up ? row.leftUs : row.arrivedUs;
  const server = up ? row.arrivedUs : row.leftUs;
  if (client !== null) {
    const text = milliseconds(client);
    line.put(columns.client - 1 - text.length, text);
  }
  if (server !== null) {
    line.put(columns.server + 2, milliseconds(server).padStart(columns.client - 1));
  }
}

/**
 * Draws as if every packet went to the right: columns count from the sender, and `at` turns them
 * round for packets that go to the left.
 */
function drawArrow(
  line: Line,
  row: LadderPacketRow,
  columns: Columns,
  glyphs: typeof UNICODE,
): void {
  const up = row.packet.dir === "up";
  const span = columns.server - columns.client;
  const link = up ? columns.link - columns.client : columns.server - columns.link;
  const at = (column: number) => up ? columns.client + column : columns.server - column;
  const colour = TONES[row.tone];
  const put = (column: number, text: string, paint = colour) =>
    line.put(up ? at(column) : at(column) - [...text].length + 1, text, paint);
  const head = up ? glyphs.right : glyphs.left;
  const wave = row.tone === "damaged" ? glyphs.damaged : glyphs.line;

  const leaves = row.kind !== "arrive";
  const from = leaves ? 0 : link;
  const to = row.kind === "leave" || row.kind === "lost" ? link : span;
  for (let i = from + 1; i < to; i++) put(i, i < link ? glyphs.line : wave);
  if (leaves) put(0, up ? glyphs.fromLeft : glyphs.fromRight);
  if (row.kind === "cross") put(link, glyphs.cross);
  if (row.kind === "lost") put(link, glyphs.dies);
  else put(to - 1, head);

  // A label of a packet that crosses may run over the link, unless the far half has its own text.
  const noted = row.note !== "";
  const label = fit(
    row.labels,
    (row.kind === "cross" && !noted ? span : to - from) - 7,
    glyphs.cut,
  );
  put(from + 3, ` ${label} `);
  if (!noted) return;
  if (row.kind === "cross") put(link + 4, ` ${row.note} `);
  else if (row.kind === "lost") put(link + 2, row.note);
  else put(link - 2 - row.note.length, ` ${row.note} `);
}

/** The fullest text that fits, or the tersest cut to fit. */
function fit(texts: readonly string[], room: number, cut: string): string {
  const said = texts.map((text) => text.replaceAll("…", cut));
  const fitting = said.find((text) => text.length <= room);
  const last = said.at(-1) ?? "";
  return fitting ?? last.slice(0, Math.max(0, room - cut.length)) + cut;
}
