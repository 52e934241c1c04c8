/** How a lab's answers are known on the link, by the rule in its manifest. */
import { answeredPart, expectedAnswer, type LabManifest } from "../src/lab/mod.ts";
import type { ExchangesOptions } from "../src/run/mod.ts";

/** Returns by what exchanges know answers: of a date nothing can be foretold. */
export function answerOptions({ answer }: Pick<LabManifest, "answer">): ExchangesOptions {
  if (answer === "date") return {};
  return {
    answerHead: (head) => expectedAnswer(answer, head) ?? head,
    ...(answer === "stamped" && { answerPart: (head) => answeredPart(answer, head) }),
  };
}
