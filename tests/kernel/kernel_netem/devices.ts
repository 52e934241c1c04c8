/** What the kernel counts of the link's devices. */
import { run } from "../../link/stage.ts";

/** Packets that a device has sent. */
export async function sentBy(device: string): Promise<number> {
  return Number(await Deno.readTextFile(`/sys/class/net/${device}/statistics/tx_packets`));
}

/** Packets that wait in a direction's netem, of both chains. */
export async function waiting(): Promise<{ up: number; down: number }> {
  const { stdout } = await run(["tc", "-s", "-json", "qdisc", "show"]);
  const listing = JSON.parse(stdout) as { kind: string; dev: string; qlen: number }[];
  const of = (way: "up" | "down") =>
    listing.filter(({ kind, dev }) => kind === "netem" && dev.startsWith(`link-${way}-`))
      .reduce((sum, { qlen }) => sum + qlen, 0);
  return { up: of("up"), down: of("down") };
}
