/** Names of files made of what people call their submissions. Pure. */
import { createHash } from "node:crypto";

/** Longest name, in characters: file systems take 255 bytes, and endings come behind it. */
const LONGEST = 100;
/** Hexadecimal digits of a hash: two texts with the same are not found by trying. */
const DIGITS = 16;

/**
 * Returns a file's name for any text. What is no letter, digit, dot, dash or underscore of ASCII is written as `%` and two
 * hexadecimal digits for each byte (RFC 3986, 2.1), a dot or dash at the start as well; what is empty, too long or has
 * capitals ends with `~` and a hash. Different texts give different names, also where a file system does not tell capitals.
 *
 * ```ts
 * fileNameOf("../anna b"); // "%2e.%2fanna%20b"
 * ```
 */
export function fileNameOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const whole = [...bytes].map((byte, index) => {
    const character = String.fromCharCode(byte);
    const plain = index === 0 ? /[A-Za-z0-9_]/ : /[A-Za-z0-9_.-]/;
    return plain.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  if (whole !== "" && whole.length <= LONGEST && !/[A-Z]/.test(whole)) return whole;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, DIGITS);
  return `${whole.slice(0, LONGEST - DIGITS - 1)}~${hash}`;
}
