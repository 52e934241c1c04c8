/**
 * What BuildKit tells of a build while it runs: the records that an engine puts into its answer under the id
 * `moby.buildkit.trace` (BuildKit, api/services/control, message StatusResponse), in protobuf's encoding. Pure.
 */

/** A step of a build. */
export interface TraceStep {
  /** The same in every record of the step. */
  digest: string;
  /** Such as `[assemble 2/9] COPY src /socklab/src`. */
  name: string;
  started: boolean;
  completed: boolean;
  /** In the engine's words; empty where it did not fail. */
  error: string;
}

/** How far a part of a step is, such as a layer that is being pulled. */
export interface TracePart {
  /** Its own name, such as a layer's digest. */
  id: string;
  /** The digest of its step. */
  step: string;
  /** Bytes; 0 where it does not say. */
  current: number;
  total: number;
}

/** One record. */
export interface Trace {
  steps: TraceStep[];
  parts: TracePart[];
  /** What commands of the build wrote. */
  logs: string[];
}

/** A field of a message: a number, or the bytes of a text or of a message within. */
type Field = [number: number, value: number | Uint8Array];

/** Reads one record. */
export function readTrace(base64: string): Trace {
  const trace: Trace = { steps: [], parts: [], logs: [] };
  for (const [number, value] of fieldsOf(Uint8Array.fromBase64(base64))) {
    if (typeof value === "number") continue;
    const field = new Map(fieldsOf(value));
    if (number === 1) {
      trace.steps.push({
        digest: text(field.get(1)),
        name: text(field.get(3)),
        started: field.has(5),
        completed: field.has(6),
        error: text(field.get(7)),
      });
    } else if (number === 2) {
      trace.parts.push({
        id: text(field.get(1)),
        step: text(field.get(2)),
        current: count(field.get(4)),
        total: count(field.get(5)),
      });
    } else if (number === 3) {
      trace.logs.push(text(field.get(4)));
    }
  }
  return trace;
}

function text(value: number | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}

function count(value: number | Uint8Array | undefined): number {
  return typeof value === "number" ? value : 0;
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        fields.push([number, varint()]);
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        fields.push([number, bytes.subarray(at, at + length)]);
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        return fields; // Of a kind that protobuf has given up.
    }
  }
  return fields;
}
