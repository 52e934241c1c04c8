/**
 * The steady state allocates no object per packet: the garbage collector has next to nothing to do. With --soak alone, since V8
 * decides by itself when code is compiled, and other tests beside it keep it from that.
 */
import { expect, test, vi } from "vitest";
import { serverAddress, serverAddress6, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });

const traffic = new URL("./traffic.ts", import.meta.url).pathname;
const perSecond = "40000";

const name = "200,000 packets pass with hardly a collection in the link, once its code is compiled";
const families = [["IPv4", "0.0.0.0", serverAddress], ["IPv6", "::", serverAddress6]] as const;

if (Deno.env.get("LAB_SOAK")) test.each(families)(`%s: ${name}`, quiet);
else test("registered with --soak alone", () => expect(Deno.env.get("LAB_SOAK") ?? "").toBe(""));

async function quiet(_: string, any: string, address: string): Promise<void> {
  const started = performance.now();
  await using stage = await Stage.start({ six: true, v8Flags: ["--trace-gc"] });
  const deno = (...args: string[]) => [Deno.execPath(), "run", "-A", "--no-config", ...args];
  const profile = "delay 5ms loss 1% limit 10000 seed 1";
  await stage.link.begin({ profile, script: "" }, { profile: "", script: "" });
  const [command, ...args] = stage.command(
    "server",
    deno(traffic, "receive", "12000", "1000000", any),
  );
  await using receiver = new Deno.Command(command!, { args, stdout: "null" }).spawn();
  await stage.link.awaitListening({ proto: "udp", port: 12000, timeoutMs: 10_000 });
  const send = async (count: number) => {
    const sent = await stage.run(
      "client",
      ...deno(traffic, "send", address, "12000", perSecond, String(count), "64"),
    );
    expect(sent.stderr).toBe("");
  };
  await send(150_000);
  const warm = performance.now() - started;
  await send(200_000);
  const { up } = await stage.link.end();
  receiver.kill("SIGKILL");
  await stage.leave();

  expect(up.seen).toBeGreaterThan(300_000);
  const collections = [...(await stage.said()).matchAll(/^\[\d+:0x\w+\] +(\d+) ms: (\S+)/gm)];
  // Starting collects: the trace is there.
  expect(collections.length).toBeGreaterThan(0);
  const late = collections.filter(([, ms]) => Number(ms) > warm).map(([line]) => line);
  // One comes of commands; mostly there is none. But where V8 happens not to compile the model into the loop that calls
  // it, the time of a packet goes by way of the heap: 16 bytes, a collection for each 65,000. An object would make ten.
  expect(late.length, late.join("\n")).toBeLessThanOrEqual(5);
}
