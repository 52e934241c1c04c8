/** The folder of logs as a check has it. */
import { LogFault, type LogFolder } from "../engine/mod.ts";
import { CheckFailure } from "./failure.ts";

/** What checks do with it; they find it empty. */
export type JudgedLogs = Omit<LogFolder, "empty">;

/** Returns the folder; what the program has spoilt there fails the check. */
export function judgedLogs(folder: LogFolder): JudgedLogs {
  return {
    list: () => judged(folder.list()),
    read: (name) => judged(folder.read(name)),
    write: (name, text) => judged(folder.write(name, text)),
    setWritable: (writable) => judged(folder.setWritable(writable)),
    watch: () => judged(folder.watch()),
    writtenInPlace: () => judged(folder.writtenInPlace()),
  };
}

async function judged<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LogFault) throw new CheckFailure(error.message);
    throw error;
  }
}
