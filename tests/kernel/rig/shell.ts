/**
 * A rig by hand. `deno run -A tests/kernel/rig/shell.ts 'uname -r; tc -V'` starts one, runs a script in it, and ends it.
 *
 * With `--keep` it stays until Ctrl-C, and the same command in other terminals goes to it, with the checkout as it is then.
 * `--name NAME` tells several apart. `--kernel 6.1` is the older kernel; `--no-docker` and `--no-checkout` start sooner.
 */
import { parseArgs } from "node:util";
import { cacheFolder } from "./cache.ts";
import { RigClient } from "./client.ts";
import { KERNELS } from "./machine.ts";
import { Rig } from "./rig.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    keep: { type: "boolean", default: false },
    name: { type: "string", default: "rig" },
    kernel: { type: "string" },
    docker: { type: "boolean", default: true },
    checkout: { type: "boolean", default: true },
  },
});
const script = positionals.join(" ");
const kernel = KERNELS.find((name) => name === (values.kernel ?? "6.12"));
if (kernel === undefined) throw new Error(`Name one of the kernels ${KERNELS.join(", ")}`);
/** Where a rig that is kept says how it is reached. */
const place = `${cacheFolder()}/kept-${values.name}.json`;

if (values.keep) await keep();
else if (script === "") throw new Error("Give a script in one argument, or --keep");
else Deno.exit(await runScript());

async function start(): Promise<Rig> {
  const begun = performance.now();
  const onStage = (text: string) => console.error(`rig: ${text}`);
  const rig = await Rig.start({ ...values, kernel, onStage });
  console.error(`rig: started in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return rig;
}

async function keep(): Promise<void> {
  const { promise: end, resolve } = Promise.withResolvers<void>();
  await using rig = await start();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, resolve);
  }
  const { server, docker } = rig.address;
  Deno.writeTextFileSync(place, JSON.stringify({ server, docker }));
  console.error(`rig: kept until Ctrl-C; DOCKER_HOST=${rig.dockerHost}`);
  const died = await Promise.race([end.then(() => false), rig.ended.then(() => true)]);
  Deno.removeSync(place);
  if (died) console.error(`rig: it died\n${rig.address.console?.().join("\n")}`);
}

async function runScript(): Promise<number> {
  const kept = await findKept();
  if (kept !== null) {
    if (values.checkout) await kept.sync();
    return await pass(kept);
  }
  await using rig = await start();
  return await pass(rig);
}

async function findKept(): Promise<RigClient | null> {
  try {
    const client = new RigClient(JSON.parse(Deno.readTextFileSync(place)));
    await client.run("true", { timeoutMs: 5_000 });
    return client;
  } catch {
    return null;
  }
}

async function pass(rig: RigClient): Promise<number> {
  const stdin = Deno.stdin.isTerminal() ? undefined : Deno.stdin.readable;
  await using command = await rig.spawn(script, { stdin });
  Deno.addSignalListener("SIGINT", () => void command.kill(2));
  await Promise.all([
    command.stdout.pipeTo(Deno.stdout.writable, { preventClose: true }),
    command.stderr.pipeTo(Deno.stderr.writable, { preventClose: true }),
  ]);
  return (await command.status).code;
}
