/** A flood of numbered datagrams that the server echoes, while one netem follows the other. */
import { tapDevices } from "../../../src/link/tc/mod.ts";
import { until } from "../../link/poll.ts";
import { capture, numbered } from "./capture.ts";
import { sentBy, waiting } from "./devices.ts";
import { on } from "./namespaces.ts";
import { both, openNetem } from "./netem.ts";
import { fastest } from "./pings.ts";

/** Ends the flood, once it is there. */
const enough = "/tmp/flooded";

/** Sends numbered datagrams, some 1,500 a second, until told that it is enough; then says how many. */
const senderScript = `
import os, socket, struct, time
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
n = 0
while not os.path.exists("${enough}") and n < 200000:
    for _ in range(15):
        n += 1
        end.sendto(struct.pack(">I", n), ("${on.address}", 9000))
    time.sleep(0.01)
print(n)
`;

/** What came of begin() after begin() in a flood of datagrams both ways. */
export async function flood() {
  await using netem = await openNetem();
  const echo = Deno.listenDatagram({ transport: "udp", hostname: on.address, port: 9000 });
  const echoing = (async () => {
    for await (const [data, from] of echo) await echo.send(data, from).catch(() => {});
  })();
  // Neighbours that do not know each other yet keep few packets until they do.
  await fastest(on.address);
  const before = await Promise.all(tapDevices.map(sentBy));
  const taps = await Promise.all(tapDevices.map((device) => capture(device, 64, "udp")));
  await Deno.remove(enough).catch(() => {});
  const sender = new Deno.Command("ip", {
    args: ["netns", "exec", "client", "python3", "-c", senderScript],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  await until(() => sentBy(tapDevices[0]), (sent) => sent > before[0]! + 100);
  const readied: number[] = [];
  for (let i = 0; i < 20; i++) {
    await netem.begin(
      both(`delay 1ms limit 10000 seed ${i}`, `delay ${i % 3}ms`),
      ({ up, down }) => {
        readied.push(up, down);
        return Promise.resolve();
      },
    );
  }
  await Deno.writeTextFile(enough, "");
  const sent = Number(new TextDecoder().decode((await sender.output()).stdout));
  await until(waiting, ({ up, down }) => up + down === 0);
  // tcpdump forgets what it has not read when it is told to stop.
  await until(async () => {
    const [shown, read] = await Promise.all([
      Promise.all(tapDevices.map(sentBy)),
      Promise.all(taps.map(async ({ file }) => (await numbered(file)).length)),
    ]);
    return shown.every((count, i) => count - before[i]! === read[i]);
  }, Boolean);
  const missed = await Promise.all(taps.map((tap) => tap.stop()));
  echo.close();
  await echoing;
  const seen = await Promise.all(taps.map(({ file }) => numbered(file)));
  const ofWay = (way: string) => {
    const all = seen.flatMap((packets, end) =>
      packets.filter((one) => one.way === way).map(({ number }) => ({ number, end }))
    ).sort((a, b) => a.number - b.number);
    return {
      total: all.length,
      different: new Set(all.map(({ number }) => number)).size,
      // Where the end differs from that of the packet before.
      switches: all.filter(({ end }, i) => i > 0 && end !== all[i - 1]!.end).length,
    };
  };
  return { sent, missed, readied, up: ofWay("up"), down: ofWay("down") };
}
