/** One packet read from a capture. `bytes` may be shorter than the packet was on the wire. */
export interface PcapRecord {
  bytes: Uint8Array;
  /** Microseconds since 1970-01-01 UTC; with a fraction where the file counts nanoseconds. */
  timeUs: number;
  originalLength: number;
}

/** No writer makes larger records; a length above it means that this is not a capture. */
const MOST = 1 << 24;

/**
 * Reads a pcap file as its bytes come, of either byte order, in micro- or nanoseconds.
 *
 * ```ts
 * const reader = new PcapReader();
 * for (const chunk of chunks) for (const packet of reader.push(chunk)) use(packet);
 * reader.end();
 * ```
 */
export class PcapReader {
  /** LINKTYPE of the records, once the file's header has been read; 101 is raw IP. */
  linkType: number | null = null;
  #rest = new Uint8Array(0);
  #little = true;
  #unit = 1;

  /**
   * The records that this chunk completes.
   *
   * @throws {SyntaxError} if the bytes are not a pcap file.
   */
  push(chunk: Uint8Array): PcapRecord[] {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (this.linkType === null) {
      if (bytes.length < 24) {
        this.#rest = bytes.slice();
        return [];
      }
      this.#readHeader(view);
      at = 24;
    }
    const records: PcapRecord[] = [];
    while (at + 16 <= bytes.length) {
      const length = view.getUint32(at + 8, this.#little);
      if (length > MOST) throw new SyntaxError(`Not a pcap record: ${length} bytes long`);
      if (at + 16 + length > bytes.length) break;
      records.push({
        bytes: bytes.slice(at + 16, at + 16 + length),
        timeUs: view.getUint32(at, this.#little) * 1e6 +
          view.getUint32(at + 4, this.#little) * this.#unit,
        originalLength: view.getUint32(at + 12, this.#little),
      });
      at += 16 + length;
    }
    this.#rest = bytes.slice(at);
    return records;
  }

  /**
   * Says that no more bytes come.
   *
   * @throws {SyntaxError} if the file ends inside a header or record.
   */
  end(): void {
    if (this.linkType === null || this.#rest.length > 0) {
      throw new SyntaxError(
        `The capture is cut off: ${this.#rest.length} bytes of a part are left`,
      );
    }
  }

  #readHeader(view: DataView): void {
    const magic = view.getUint32(0, true);
    this.#little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
    const swapped = view.getUint32(0, false);
    if (!this.#little && swapped !== 0xa1b2c3d4 && swapped !== 0xa1b23c4d) {
      throw new SyntaxError("Not a pcap file: it does not begin with a1b2c3d4 or a1b23c4d");
    }
    this.#unit = magic === 0xa1b23c4d || swapped === 0xa1b23c4d ? 0.001 : 1;
    this.linkType = view.getUint32(20, this.#little) & 0xffff;
  }
}

/**
 * Every packet of a whole pcap file.
 *
 * @throws {SyntaxError} if the bytes are not one, or end early.
 */
export function readPcap(file: Uint8Array): PcapRecord[] {
  const reader = new PcapReader();
  const records = reader.push(file);
  reader.end();
  return records;
}
