/** The same lab over IPv6: `docker compose -f compose.ipv6.yaml up lab3`. */
import { expect, test } from "vitest";
import { packetEvents } from "../cli/lab_stage.ts";
import { describeDocker } from "../docker/engine.ts";
import { ROOT, textOf, useCompose } from "./compose_stage.ts";

const context = useCompose();
const up = ["-f", "compose.ipv6.yaml", "up", "--exit-code-from", "lab3", "lab3"];
const script = `${ROOT}/scripts/draw_ipv6_prefix.sh`;

/** A prefix as users draw theirs, without a file in the checkout. */
async function drawPrefix(folder: string): Promise<string> {
  Deno.mkdirSync(`${folder}/scripts`);
  Deno.copyFileSync(script, `${folder}/scripts/draw_ipv6_prefix.sh`);
  const draw = async () => {
    const args = [`${folder}/scripts/draw_ipv6_prefix.sh`];
    const { stdout } = await new Deno.Command("sh", { args }).output();
    return new TextDecoder().decode(stdout);
  };
  const line = await draw();
  // Drawn once, it stays.
  expect(await draw()).toBe(line);
  expect(Deno.readTextFileSync(`${folder}/.env`)).toBe(line);
  expect(line).toMatch(/^LAB_IPV6_PREFIX=fd[0-9a-f]{2}:[0-9a-f]{4}:[0-9a-f]{4}\n$/);
  return line.trim().split("=")[1]!;
}

describeDocker("docker compose -f compose.ipv6.yaml up lab3", () => {
  test("runs over IPv6 in a prefix of one's own, with the fates of the same seed over IPv4", async () => {
    const { stage } = context;
    const values = { LAB_COUNT: "12", LAB_INTERVAL: "10", LAB_NETEM: "delay 5ms loss 30% seed 7" };
    const fates = () => {
      const latest = Deno.realPathSync(`${stage.out}/lab3/latest`);
      return packetEvents(latest, "up").map(({ n, fate }) => `${n} ${fate}`).sort();
    };
    const prefix = await drawPrefix(stage.folder);
    const run = await stage.compose(up, { ...values, LAB_IPV6_PREFIX: prefix });
    expect(run.status).toBe(0);
    const text = textOf(run);
    // As addresses are written: without zeros in front (RFC 5952, section 4.1).
    const short = prefix.replace(/\b0+(?=\w)/g, "");
    expect(text).toMatch(new RegExp(`^client │ PING ${short}:3::\\w+ `, "m"));
    expect(text).toMatch(/^again {6}.* docker compose -f compose\.ipv6\.yaml up lab3$/m);
    const latest = Deno.realPathSync(`${stage.out}/lab3/latest`);
    const events = Deno.readTextFileSync(`${latest}/events.jsonl`);
    expect(events).toContain(`"src":"[${short}:3::`);
    const overSix = fates();
    await stage.compose(["-f", "compose.ipv6.yaml", "down"], { LAB_IPV6_PREFIX: prefix });
    expect((await stage.up(values)).status).toBe(0);
    expect(fates()).toEqual(overSix);
  });

  test("without a prefix it says how to draw one", async () => {
    const { status, err } = await context.stage.compose(up, { LAB_IPV6_PREFIX: "" });
    expect(status).not.toBe(0);
    expect(err).toMatch(/LAB_IPV6_PREFIX .*sh scripts\/draw_ipv6_prefix\.sh/);
  });
});
