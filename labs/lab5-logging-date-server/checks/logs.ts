/** The folder of logs as a check sees it: log0.txt, log1.txt, … */
import type { Bench } from "../../../src/grade/mod.ts";

/** A file of the folder. */
export interface LogFile {
  name: string;
  number: number;
  text: string;
}

const NAME = /^log(\d+)\.txt$/;

/** Whether a file of this name is a log. */
export function isLog(name: string): boolean {
  return NAME.test(name);
}

/** Returns the log files that are there, by number. Whatever else lies in the folder is the program's business. */
export async function logsIn(bench: Bench): Promise<LogFile[]> {
  const names = (await bench.logs.list()).filter(isLog);
  const found = await Promise.all(names.map(async (name) => ({
    name,
    number: Number(NAME.exec(name)![1]),
    text: await bench.logs.read(name),
  })));
  return found.sort((a, b) => a.number - b.number);
}

/** Waits until the files of these numbers are there, each of one line; fails where others are, or none come. */
export async function expectLogs(bench: Bench, numbers: readonly number[]): Promise<LogFile[]> {
  const settled = async () => {
    const logs = await logsIn(bench);
    const complete = logs.length === numbers.length &&
      logs.every(({ text }) => text.endsWith("\n"));
    return complete || logs.length > numbers.length || undefined;
  };
  const came = await bench.until("the log files are there", settled).catch(() => false);
  const logs = await logsIn(bench);
  const odd = logs.find(({ name, number }) => name !== `log${number}.txt`);
  if (odd !== undefined) {
    bench.fail(
      `The folder has ${odd.name}, where log${odd.number}.txt is the name: no leading zeros`,
    );
  }
  const wanted = namesOf(numbers), there = namesOf(logs.map(({ number }) => number));
  if (wanted !== there) {
    bench.fail(`${came ? "The" : "3 s later, the"} folder has ${there}, where ${wanted} should be`);
  }
  for (const { name, text } of logs) {
    if (/^[^\n]+\n$/.test(text)) continue;
    bench.fail(`${name} does not hold one line with its line feed`, { actual: text });
  }
  return logs;
}

/** Fails unless an earlier file still holds what it held. */
export async function expectUnchanged(bench: Bench, name: string, text: string): Promise<void> {
  bench.expectBytes(await bench.logs.read(name), text, `What ${name} holds`);
}

/** Writes a log file as a server that ran before has left it. */
export async function putLog(bench: Bench, name: string): Promise<string> {
  const text = `2026-11-20T12:00:00+00:00 192.0.2.1:40000 "${bench.random.text(8)}"\n`;
  await bench.logs.write(name, text);
  return text;
}

/** `log0.txt to log49.txt`, `log0.txt, log2.txt`, `no log file`. */
function namesOf(numbers: readonly number[]): string {
  if (numbers.length === 0) return "no log file";
  const runs: number[][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.at(-1) === number - 1) last.push(number);
    else runs.push([number]);
  }
  const name = (number: number | undefined) => `log${number}.txt`;
  return runs.map((run) =>
    run.length < 3 ? run.map(name).join(", ") : `${name(run[0])} to ${name(run.at(-1))}`
  ).join(", ");
}
