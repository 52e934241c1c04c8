/**
 * From `docker compose up lab3` to the first answer that reaches a client, and `docker compose down`, beside one bare
 * `docker run --rm` of a Deno program: medians of several rounds, over a perfect wire, images there, no container.
 */
import { noDocker } from "../docker/engine.ts";
import { ComposeStage, SHORT } from "./compose_stage.ts";

const rounds = 7;
const image = "socklab/programs:0.1.0";
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function bare(): Promise<void> {
  const program = ["deno", "eval", "--no-config", "console.log('hello')"];
  await new Deno.Command("docker", { args: ["run", "--rm", image, ...program] }).output();
}

if (noDocker !== "") {
  console.log(`Not measured: ${noDocker}`);
  Deno.exit(0);
}
await using stage = new ComposeStage();

/** Milliseconds until the answer of the first datagram had been told. */
async function firstAnswer(): Promise<number> {
  const began = performance.now();
  const running = stage.start(["up", "lab3"], { env: { ...SHORT, LAB_COUNT: "1" } });
  await running.printed(/link │ +1 {2}answered/);
  const took = performance.now() - began;
  await running.end();
  return took;
}

await firstAnswer();
await stage.compose(["down"]);
const times = {
  bare: [] as number[],
  up: [] as number[],
  again: [] as number[],
  down: [] as number[],
};
for (let round = 0; round < rounds; round++) {
  times.bare.push(await timed(bare));
  times.up.push(await firstAnswer());
  times.again.push(await firstAnswer());
  times.down.push(await timed(() => stage.compose(["down"])));
}
const base = median(times.bare);
const line = (what: string, ms: number, wanted = "") =>
  console.log(
    `  ${what.padEnd(48)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / base).toFixed(1)} x${wanted}`,
  );
console.log(`In containers by Compose, medians of ${rounds}`);
line("docker run --rm of a Deno program that says hello", base);
line("docker compose up lab3, first answer told", median(times.up), "   wanted: under 4.5 x");
line("the same, link and server there", median(times.again));
line("docker compose down", median(times.down), "   wanted: under 2 x");
