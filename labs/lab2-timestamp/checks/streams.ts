/** What clients of TCP do in several checks of servers. */
import { type Bench, letEnd, type Stream, type TestedProgram } from "../../../src/grade/mod.ts";
import { line } from "./inputs.ts";
import { expectAnswer } from "./stamp.ts";

/** Sends a line and compares its answer. */
export async function ask(bench: Bench, stream: Stream, text: string | Uint8Array): Promise<void> {
  await stream.send(line(text));
  expectAnswer(bench, await stream.readLine(), text, "The answer");
}

/** The same on a connection of its own. */
export async function askAlone(bench: Bench, text: string | Uint8Array): Promise<void> {
  const stream = await bench.connect();
  await ask(bench, stream, text);
  await stream.close();
}

/** Sends a line in two halves, the second when the first was read, on a connection of its own. */
export async function askInHalves(bench: Bench, text: string): Promise<void> {
  const stream = await bench.connect();
  const bytes = line(text), half = bytes.length / 2;
  await stream.sendApart([bytes.slice(0, half), bytes.slice(half)]);
  expectAnswer(bench, await stream.readLine(), text, "The answer");
  await stream.close();
}

/** Three clients that a server has to outlive; each has been dealt with when the next one comes. */
export async function survive(bench: Bench, server: TestedProgram): Promise<void> {
  await bench.step("a client connects and closes without a word", async () => {
    await (await bench.connect()).close();
  });
  await letEnd(bench, server);
  await bench.step("one sends half a line and closes", async () => {
    const stream = await bench.connect();
    await stream.send(bench.random.words(4, 1, 2));
    await stream.close();
  });
  await letEnd(bench, server);
  await bench.step("one sends half a line and aborts with a RST", async () => {
    const stream = await bench.connect();
    await stream.sendApart([bench.random.words(4, 1, 2)]);
    await stream.reset();
  });
  await letEnd(bench, server);
}

/** Fails while the server holds connections that their clients have closed. */
export async function expectAllClosed(bench: Bench): Promise<void> {
  await bench.step("the server has closed all of them, too", async () => {
    let left = 0;
    try {
      await bench.until("no connection is left open", async () => {
        const { ESTABLISHED = 0, CLOSE_WAIT = 0 } = await bench.socketStates();
        left = ESTABLISHED + CLOSE_WAIT;
        return left === 0 ? true : undefined;
      });
    } catch (error) {
      if (left === 0) throw error;
      bench.fail(`${left} connections are still open on the server's side`);
    }
  });
}
