/** What a device sends, as tcpdump has it. */
import { readPcap } from "../../../src/packet/mod.ts";

/** Captures what leaves by a device until told to stop; then the file, and how many it missed. */
export async function capture(device: string, bytes: number, filter: string, namespace = "served") {
  const file = `/tmp/${device}.pcap`;
  const child = new Deno.Command("ip", {
    args: [
      ...["netns", "exec", namespace, "tcpdump", "-Z", "root", "-i", device, "-Q", "out"],
      ...["-s", `${bytes}`, "-B", "65536", "-U", "-w", file, filter],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.getReader();
  let said = "";
  const read = async () => {
    const { value, done } = await reader.read();
    said += new TextDecoder().decode(value);
    return !done;
  };
  while (!said.includes("listening on")) if (!await read()) throw new Error(said);
  return {
    file,
    async stop(): Promise<number> {
      child.kill("SIGINT");
      while (await read());
      await child.status;
      return Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? NaN);
    },
  };
}

/** The numbers of captured datagrams, and their ways. */
export async function numbered(file: string): Promise<{ number: number; way: "up" | "down" }[]> {
  return readPcap(await Deno.readFile(file)).map(({ bytes: data }) => {
    const view = new DataView(data.buffer, data.byteOffset);
    return { number: view.getUint32(14 + 28), way: data[14 + 15] === 2 ? "down" : "up" };
  });
}
