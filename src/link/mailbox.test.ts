import { expect, test } from "vitest";
import { createMailbox, type LoopCommand, Mailbox } from "./mailbox.ts";

function mailbox(): { sender: Mailbox; receiver: Mailbox } {
  const memory = createMailbox();
  return { sender: new Mailbox(memory), receiver: new Mailbox(memory) };
}

test("Mailbox.take() is null until something is posted, and after it was taken", () => {
  const { sender, receiver } = mailbox();
  expect(receiver.holdsNewer(0)).toBe(false);
  expect(receiver.take(0)).toBeNull();
  const sequence = sender.post({ op: "counts" });
  expect(receiver.holdsNewer(0)).toBe(true);
  expect(receiver.take(0)).toEqual({ sequence, command: { op: "counts" } });
  expect(receiver.holdsNewer(sequence)).toBe(false);
  expect(receiver.take(sequence)).toBeNull();
});

test("Mailbox.post() hands over commands whole, a short one after a long one too", () => {
  const { sender, receiver } = mailbox();
  const setting = { profile: "delay 100ms", script: "lose 1-3; dûplicate", experimental: [-3, 7] };
  const commands: LoopCommand[] = [
    { op: "begin", up: setting, down: { profile: "x".repeat(50_000), script: "" } },
    { op: "set", down: setting },
    { op: "end" },
  ];
  let last = 0;
  for (const command of commands) {
    const sequence = sender.post(command);
    expect(sequence).toBe(last + 1);
    expect(receiver.take(last)).toEqual({ sequence, command });
    last = sequence;
  }
});

test("Mailbox.post() refuses a command over its room, and the next still passes", () => {
  const { sender, receiver } = mailbox();
  const long = { profile: "", script: "lose 1,".repeat(60_000) };
  expect(() => sender.post({ op: "set", up: long })).toThrow(/^Shorten the script: .* is over/);
  expect(receiver.holdsNewer(0)).toBe(false);
  sender.post({ op: "end" });
  expect(receiver.take(0)!.command).toEqual({ op: "end" });
});

test("Mailbox.keep is seen at the other end without a command", () => {
  const { sender, receiver } = mailbox();
  expect(receiver.keep).toBe(0);
  sender.keep = 192;
  expect(receiver.keep).toBe(192);
  expect(receiver.holdsNewer(0)).toBe(false);
});
