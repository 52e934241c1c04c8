/**
 * From the command to the first answer that reaches a client, beside the bare start of two Deno programs: median of
 * several runs of `./lab run lab3` over a perfect wire.
 */
const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const rounds = 11;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

async function once(): Promise<number> {
  const started = performance.now();
  const options = ["--engine", "local", "--netem", "none", "--count", "1", "--json"];
  const args = ["run", "lab3", ...options];
  const { stdout } = await new Deno.Command(`${root}lab`, { args, stderr: "null" }).output();
  const whole = performance.now() - started;
  const { seconds } = JSON.parse(new TextDecoder().decode(stdout));
  // The summary counts from where the tool begins; what came before is the launcher's and Deno's start.
  return whole - (seconds.total - seconds.first_reply) * 1000;
}

async function bare(): Promise<number> {
  const program = `${root}tests/cli/hello.ts`;
  const started = performance.now();
  for (let i = 0; i < 2; i++) {
    await new Deno.Command(Deno.execPath(), { args: ["run", "--no-config", program] }).output();
  }
  return performance.now() - started;
}

await once();
const times = { bare: [] as number[], lab: [] as number[] };
for (let round = 0; round < rounds; round++) {
  times.bare.push(await bare());
  times.lab.push(await once());
}
const [base, first] = [median(times.bare), median(times.lab)];
console.log(`From the command to the first answer, median of ${rounds}`);
console.log(
  `  two Deno programs that say hello, one after the other  ${base.toFixed(0).padStart(5)} ms`,
);
console.log(
  `  ./lab run lab3, first answer at the latest              ${first.toFixed(0).padStart(5)} ms` +
    `  ${(first / base).toFixed(1)} x   wanted: under 250 ms`,
);
