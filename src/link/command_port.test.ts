import { expect, test } from "vitest";
import { CommandPort, type LoopAnswer } from "./command_port.ts";
import { createMailbox, Mailbox } from "./mailbox.ts";
import { createRing, RecordType, RingReader, RingWriter } from "./ring.ts";

const counts = {
  ...{ seen: 0, delivered: 0, lost: 0, duplicated: 0 },
  ...{ corrupted: 0, reordered: 0, dropped_full: 0 },
};

/** A port whose commands are numbers: 0 begins a run, others are refused. */
function open() {
  const mailbox = new Mailbox<number>(createMailbox());
  const memory = createRing(8192), ring = new RingWriter(memory);
  const port: CommandPort<number> = new CommandPort<number>({
    mailbox,
    ring,
    obey(command) {
      if (command !== 0) throw new RangeError(`Do not ask for ${command}`);
      port.begin();
    },
    state: (missed) => ({ t_us: 7, counts: [counts, counts], queued: [0, 0], missed }),
  });
  const reader = new RingReader(memory);
  /** What the port wrote: types of records, and answers. */
  const written = () => {
    const types: number[] = [], answers: LoopAnswer[] = [];
    for (let record; (record = reader.read()) !== null;) {
      types.push(record.type);
      if (record.type !== RecordType.answer) continue;
      answers.push(JSON.parse(new TextDecoder().decode(record.data)));
    }
    return { types, answers };
  };
  return { mailbox, ring, port, written };
}

test("CommandPort obeys a command once, and answers with its number and how the run stands", () => {
  const { mailbox, port, written } = open();
  expect(port.waiting).toBe(false);
  const sequence = mailbox.post(0);
  expect(port.waiting).toBe(true);
  port.obeyNext();
  port.obeyNext();
  expect(port.waiting).toBe(false);
  expect(written()).toEqual({
    types: [RecordType.begin, RecordType.answer],
    answers: [{ sequence, t_us: 7, counts: [counts, counts], queued: [0, 0], missed: 0 }],
  });
});

test("CommandPort answers with the message of what a command throws", () => {
  const { mailbox, port, written } = open();
  mailbox.post(5);
  port.obeyNext();
  expect(written().answers).toMatchObject([{ error: "Do not ask for 5" }]);
});

test("CommandPort tells how many records were lost since the run began", () => {
  const { mailbox, port, ring, written } = open();
  const ask = (command: number) => {
    mailbox.post(command);
    port.obeyNext();
  };
  // The one that finds no room is lost.
  while (ring.write(RecordType.copy, 0, 1, 0, 60, 1, 0, 0, null, 0));
  port.missed += 4;
  ask(1);
  expect(written().answers).toMatchObject([{ missed: 5 }]);
  ask(0);
  ask(1);
  expect(written().answers).toMatchObject([{ missed: 0 }, { missed: 0 }]);
});
