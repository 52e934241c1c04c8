/** What a lab's server answers to a request. */
import type { AnswerRule } from "./manifest.ts";

/**
 * Returns the answer that follows from a request, as new bytes of the same length. It may also be
 * asked for the beginning of an answer, given the beginning of a request.
 */
export function expectedAnswer(
  rule: AnswerRule,
  request: Uint8Array<ArrayBufferLike>,
): Uint8Array<ArrayBuffer> {
  const answer = Uint8Array.from(request);
  switch (rule) {
    case "upper":
      return answer.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
  }
}
