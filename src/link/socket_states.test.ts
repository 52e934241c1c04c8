import { expect, test } from "vitest";
import { countStates, readStates } from "./socket_states.ts";

const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** A line as the kernel prints it. */
function row(local: string, remote: string, state: string): string {
  return `    0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0`;
}

const server = "02004D0A:1A71", client = "03004D0A:8001";
const text = [
  head,
  row("00000000:1771", "00000000:0000", "0A"),
  row("02004D0A:1771", client, "01"),
  row("02004D0A:1771", client, "01"),
  row("02004D0A:1771", client, "08"),
  row("02004D0A:1771", client, "06"),
  row("02004D0A:1771", client, "0C"),
  row(server, client, "01"),
  row("0B00007F:A3F1", "00000000:0000", "0A"),
  "",
].join("\n");

test("countStates() counts each state, and leaves out Docker's name server", () => {
  expect(countStates(text)).toEqual({
    LISTEN: 1,
    ESTABLISHED: 3,
    CLOSE_WAIT: 1,
    TIME_WAIT: 1,
    SYN_RECV: 1,
  });
});

test("countStates() of a port counts no other's sockets", () => {
  expect(countStates(text, 6001)).toEqual({
    LISTEN: 1,
    ESTABLISHED: 2,
    CLOSE_WAIT: 1,
    TIME_WAIT: 1,
    SYN_RECV: 1,
  });
  expect(countStates(text, 7)).toEqual({});
});

test("countStates() reads the sockets of IPv6, and no lines cut short", () => {
  const any6 = "0".repeat(32);
  expect(countStates([head, row(`${any6}:1771`, `${any6}:0000`, "0A"), "   1: 00"].join("\n")))
    .toEqual({ LISTEN: 1 });
  for (const empty of ["", head, `${head}\n`]) expect(countStates(empty)).toEqual({});
});

test("readStates() sees a connection of this process from both its ends, and its close", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const outgoing = await Deno.connect({ hostname: "127.0.0.1", port });
  const incoming = await listener.accept();
  expect(readStates(port)).toEqual({ LISTEN: 1, ESTABLISHED: 1 });
  outgoing.close();
  await incoming.read(new Uint8Array(1));
  expect(readStates(port)).toEqual({ LISTEN: 1, CLOSE_WAIT: 1 });
  incoming.close();
});
