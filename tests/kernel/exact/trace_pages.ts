/** Reads the pages of the kernel's trace buffer (Documentation/trace/ring-buffer-map.rst, events/header_event in tracefs). */

const PAGE_HEAD = 16;
/** In a page's length: events were lost before it. */
const MISSED = 1 << 31;
const PADDING = 29, TIME_EXTEND = 30, TIME_STAMP = 31;

/**
 * Calls `visit` with each event's type and where its fields lie, in order. Fields begin with the eight bytes that all
 * events have in common.
 *
 * @throws {RangeError} where the buffer was too small and events are missing.
 */
export function readTracePages(
  pages: Uint8Array<ArrayBuffer>,
  pageSize: number,
  visit: (type: number, view: DataView, at: number) => void,
): void {
  const view = new DataView(pages.buffer, pages.byteOffset, pages.byteLength);
  for (let page = 0; page + pageSize <= pages.length; page += pageSize) {
    const commit = view.getUint32(page + 8, true);
    if ((commit & MISSED) !== 0) throw new RangeError("Give the trace a larger buffer: it is full");
    const end = page + PAGE_HEAD + (commit & 0xfffff);
    let at = page + PAGE_HEAD;
    while (at < end) {
      const head = view.getUint32(at, true);
      const kind = head & 31;
      at += 4;
      if (kind === PADDING) {
        // Without a time: the rest of the page is empty.
        if (head >>> 5 === 0) break;
        at += view.getUint32(at, true);
      } else if (kind === TIME_EXTEND || kind === TIME_STAMP) {
        at += 4;
      } else {
        const length = kind === 0 ? view.getUint32(at, true) : kind * 4;
        const fields = kind === 0 ? at + 4 : at;
        visit(view.getUint16(fields, true), view, fields);
        at += length;
      }
    }
  }
}
