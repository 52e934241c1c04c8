/** The folder that a server under test may write (`{logs}`), as those see it who judge what it leaves there. */

/**
 * A folder that a program may fill with anything, at any moment: what is no regular file is not opened, nothing is
 * followed or waited for, and what is told of it has its bounds.
 *
 * Each method rejects with a {@linkcode LogFault} where the program has made it impossible.
 */
export interface LogFolder {
  /** The names of all that lies in it, in no order. */
  list(): Promise<string[]>;
  /** What a file holds, as UTF-8. */
  read(name: string): Promise<string>;
  /** Makes a file, as a program that ran before has left it. */
  write(name: string, text: string): Promise<void>;
  /** Takes away the right to make files in it, or gives it back. */
  setWritable(writable: boolean): Promise<void>;
  /** Takes notice, from now on, of how files are written. */
  watch(): Promise<void>;
  /**
   * The files that had their names before they were whole, since `watch()`: what is given its name when it is whole is
   * never written, under that name, afterwards. To be asked when nobody writes any more.
   */
  writtenInPlace(): Promise<string[]>;
  /** Makes it a folder where nothing lies, that can be written and is not watched. Nobody may write there any more. */
  empty(): Promise<void>;
}

/** What a program has made of its folder; the message says it in plain words: `log0.txt is no file`. */
export class LogFault extends Error {
  override name = "LogFault";
}
