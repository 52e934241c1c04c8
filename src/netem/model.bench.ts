/**
 * How many packets the model decides a second, queue included. The floors that the project holds
 * are 5 million for loss alone and 1 million for everything at once, on one core.
 */
import { Netem } from "./netem.ts";
import { parseProfile } from "./parse.ts";

const PACKETS = 1_000_000;
const GAP_NS = 10_000;

const EVERYTHING =
  "limit 100000 delay 10ms 5ms 25% distribution normal loss 1% 10% corrupt 1% 5% " +
  "duplicate 2% 10% reorder 25% 50% gap 3 rate 10gbit 14 48 5 seed 4";

for (
  const [name, profile] of [
    ["loss alone", "loss 10% seed 1"],
    ["constant delay", "delay 10ms seed 1"],
    ["loss gemodel", "loss gemodel 1% 10% 70% 0.1% seed 1"],
    ["everything", EVERYTHING],
    ["everything, without a rate", EVERYTHING.replace(/rate .* seed/, "seed")],
  ] as const
) {
  const model = new Netem(parseProfile(profile));
  let now = 0;
  Deno.bench(`model, ${name}: a million packets`, { group: "model", n: 5, warmup: 2 }, (b) => {
    b.start();
    for (let i = 0; i < PACKETS; i++) {
      now += GAP_NS;
      model.enqueue(i, 98, now);
      while (model.nextAt() <= now) model.dequeue(now);
    }
    b.end();
  });
}
