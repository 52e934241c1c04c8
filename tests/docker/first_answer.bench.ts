/**
 * `./lab run lab3 --engine docker`, warm, beside one bare `docker run --rm` of a Deno program: from the command to the
 * first answer that reaches a client, and from the last word to the end, when nothing is left.
 */
import { probeMachine } from "../../src/engine/mod.ts";

const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const rounds = 9;
const { version } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`)) as { version: string };
const image = `socklab/programs:${version}`;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

interface Times {
  first: number;
  tearDown: number;
}

/** Runs the lab once, in milliseconds. */
async function once(): Promise<Times> {
  const started = performance.now();
  const args = ["run", "lab3", "--engine", "docker", "--netem", "none", "--count", "1", "--json"];
  const child = new Deno.Command(`${root}lab`, { args, stdout: "piped", stderr: "inherit" })
    .spawn();
  const text = await new Response(child.stdout.pipeThrough(lastByte())).text();
  const { success } = await child.status;
  const end = performance.now();
  if (!success) throw new Error("The run failed");
  const { seconds } = JSON.parse(text);
  // The summary counts from where the tool begins; what came before is the launcher's and Deno's start.
  const first = spoken - started - (seconds.total - seconds.first_reply) * 1000;
  return { first, tearDown: end - spoken };
}

let spoken = 0;
function lastByte(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(chunk, controller) {
      spoken = performance.now();
      controller.enqueue(chunk);
    },
  });
}

async function bare(): Promise<number> {
  const started = performance.now();
  const mount = `${root}tests/cli:${root}tests/cli:ro`;
  const hello = ["deno", "run", "--no-config", `${root}tests/cli/hello.ts`];
  const { success } = await new Deno.Command("docker", {
    args: ["run", "--rm", "-v", mount, image, ...hello],
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("docker run failed");
  return performance.now() - started;
}

async function bench(): Promise<void> {
  await once();
  const times = { bare: [] as number[], first: [] as number[], tearDown: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await bare());
    const { first, tearDown } = await once();
    times.first.push(first);
    times.tearDown.push(tearDown);
  }
  const base = median(times.bare);
  const line = (name: string, value: number, wanted = "") =>
    console.log(
      `  ${name.padEnd(52)} ${value.toFixed(0).padStart(5)} ms  ${
        (value / base).toFixed(2)
      } x${wanted}`,
    );
  console.log(`On the docker engine, warm, median of ${rounds}`);
  line("docker run --rm of a Deno program that says hello", base);
  line(
    "./lab run lab3, from the command to the first answer",
    median(times.first),
    "   wanted: under 3",
  );
  line(
    "./lab run lab3, from the last word to the end",
    median(times.tearDown),
    "   wanted: under 2",
  );
}

const { docker } = await probeMachine();
if (docker.version !== null) await bench();
else console.log("Not measured: no container engine answers here");
