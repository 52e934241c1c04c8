/**
 * Types of the standard library's modules that deno.json maps to files without types of their own.
 * Only what is used here is declared; the names and meanings are the library's.
 */
declare module "@std/bytes/concat" {
  /** Returns the bytes of all of `buffers`, one after another, as one new array. */
  export function concat(buffers: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

declare module "@std/cli/parse-args" {
  /** Options of {@linkcode parseArgs}. */
  export interface ParseOptions<S extends string, B extends string, D> {
    /** Options that take a text. */
    string?: readonly S[];
    /** Options that are there or not. */
    boolean?: readonly B[];
    /** Values of options that are not given. */
    default?: D;
    /** Called with each argument that is none of the options; `false` keeps it out of the result. */
    unknown?: (argument: string) => unknown;
  }

  /** Returns the options found in `args`, and the other arguments as `_`. */
  export function parseArgs<S extends string = never, B extends string = never, D = object>(
    args: readonly string[],
    options: ParseOptions<S, B, D>,
  ):
    & { [K in S]: K extends keyof D ? string : string | undefined }
    & { [K in B]: boolean }
    & { _: (string | number)[] };
}

declare module "@std/csv/parse" {
  /** Returns the fields of a text of CSV (RFC 4180), row by row. @throws {SyntaxError} Where it is none. */
  export function parse(text: string): string[][];
}

declare module "@std/yaml/parse" {
  /** Returns what a document of YAML holds. @throws {SyntaxError} */
  export function parse(content: string): unknown;
}
