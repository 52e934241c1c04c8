/**
 * Connections as streams of bytes: lines of JSON over one, many of them over standard input and output.
 * @module
 */
export { close, type Connection, writeAll } from "./connection.ts";
export { jsonLine, LineStream } from "./line_stream.ts";
export { acceptMux, type ByteStreams, MuxClient, type ReadyLine } from "./mux.ts";
export { MUX_VERSION, MuxError } from "./mux_frame.ts";
export { serveMux } from "./serve_mux.ts";
export { splice } from "./splice.ts";
