/** What a lab's server answers to a request. */
import type { AnswerRule } from "./manifest.ts";

/** Bytes of `[Sat Nov 21 04:31:00 2026] `: C's ctime between brackets, and a space. */
export const STAMP_BYTES = 27;

/**
 * Returns what an answer holds of its request, as new bytes of the same length; null where nothing of an answer follows
 * from the request. It may also be asked for the beginning, given the beginning of a request.
 */
export function expectedAnswer(
  rule: AnswerRule,
  request: Uint8Array<ArrayBufferLike>,
): Uint8Array<ArrayBuffer> | null {
  const answer = Uint8Array.from(request);
  switch (rule) {
    case "upper":
      return answer.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
    case "same":
    case "stamped":
      return answer;
    case "date":
      return null;
  }
}

/** Returns the part of an answer that {@linkcode expectedAnswer} tells: all of it, or what is behind the stamp. */
export function answeredPart(
  rule: AnswerRule,
  answer: Uint8Array<ArrayBufferLike>,
): Uint8Array<ArrayBufferLike> {
  return rule === "stamped" ? answer.subarray(STAMP_BYTES) : answer;
}
