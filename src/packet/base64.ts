const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Two letters for each 12 bits: half as many look-ups and joins. */
const PAIRS = Array.from({ length: 4096 }, (_, i) => LETTERS[i >> 6]! + LETTERS[i & 63]!);
const VALUES = new Uint8Array(128).fill(64);
for (let i = 0; i < 64; i++) VALUES[LETTERS.charCodeAt(i)] = i;

/** Base64 (RFC 4648 4, padded) of the bytes from `start` to before `end`. */
export function encodeBase64(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  let at = start;
  for (; at + 2 < end; at += 3) {
    const three = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    text += PAIRS[three >>> 12]! + PAIRS[three & 4095]!;
  }
  if (end - at === 1) return text + PAIRS[bytes[at]! << 4]! + "==";
  if (end - at === 2) {
    const two = (bytes[at]! << 16) | (bytes[at + 1]! << 8);
    return text + PAIRS[two >>> 12]! + LETTERS[(two >>> 6) & 63]! + "=";
  }
  return text;
}

/**
 * The bytes of a padded base64 text.
 *
 * @throws {SyntaxError} if it is not one.
 */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.length - padding;
  if (text.length % 4 !== 0) throw new SyntaxError(`Not base64: ${text.length} characters`);
  const bytes = new Uint8Array(text.length / 4 * 3 - padding);
  let held = 0, bits = 0, at = 0;
  for (let i = 0; i < letters; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? 64;
    if (value === 64) throw new SyntaxError(`Not base64: '${text[i]}' at column ${i + 1}`);
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >>> bits;
    }
  }
  return bytes;
}
