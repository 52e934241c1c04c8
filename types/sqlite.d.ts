/**
 * Types of Deno's `node:sqlite`, which the packages that describe Node to the type checker are too old for.
 * Only what is used here is declared; the names and meanings are Node's (https://nodejs.org/api/sqlite.html).
 */
declare module "node:sqlite" {
  /** What a column holds, or a parameter is given. */
  export type SQLValue = null | number | bigint | string | Uint8Array;

  /** A statement that is prepared. Named parameters are given without the colon. */
  export interface StatementSync {
    /** Runs it. */
    run(...parameters: SQLParameters): { changes: number; lastInsertRowid: number };
    /** Returns its first row; undefined where there is none. */
    get(...parameters: SQLParameters): Record<string, SQLValue> | undefined;
    /** Returns all of its rows. */
    all(...parameters: SQLParameters): Record<string, SQLValue>[];
  }

  /** Values by name, by position, or none. */
  export type SQLParameters = [Record<string, SQLValue>] | SQLValue[];

  /** A connection to a database. */
  export class DatabaseSync {
    /** Opens the file at a path; it is made where there is none. */
    constructor(path: string, options?: {
      /** So many milliseconds a lock of others is waited for. Default: 0. */
      timeout?: number;
      /** Whether references are held to. Default: true. */
      enableForeignKeyConstraints?: boolean;
    });
    /** Whether it is open. */
    readonly isOpen: boolean;
    /** Whether a transaction is under way. */
    readonly isTransaction: boolean;
    /** Prepares a statement. (`exec` is left out: its errors come without SQLite's result code.) */
    prepare(sql: string): StatementSync;
    /** Closes it. */
    close(): void;
  }
}
