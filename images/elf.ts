/** Which shared libraries a program needs, read from the program: as ldd, but without running it. */

/** What a dynamically linked program asks for; both empty for a static one. */
export interface ElfNeeds {
  /** The program that loads it, such as `/lib64/ld-linux-x86-64.so.2`. */
  loader: string | null;
  /** Names such as `libc.so.6`. */
  libraries: string[];
}

const PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3;
const DT_NULL = 0, DT_NEEDED = 1, DT_STRTAB = 5;

/**
 * Returns what a 64-bit little-endian ELF file asks for (elf(5)).
 *
 * @throws {Error} Where it is none.
 */
export function elfNeeds(bytes: Uint8Array): ElfNeeds {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new Error("Give a 64-bit little-endian ELF file");
  }
  const long = (offset: number) => Number(view.getBigUint64(offset, true));
  const text = (offset: number) => {
    const end = bytes.indexOf(0, offset);
    return new TextDecoder().decode(bytes.subarray(offset, end));
  };
  const segments = Array.from({ length: view.getUint16(56, true) }, (_, i) => {
    const at = long(32) + i * view.getUint16(54, true);
    return {
      type: view.getUint32(at, true),
      offset: long(at + 8),
      address: long(at + 16),
      size: long(at + 32),
    };
  });
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  const needs: ElfNeeds = {
    loader: interpreter ? text(interpreter.offset) : null,
    libraries: [],
  };
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return needs;

  const names: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = long(at);
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) names.push(long(at + 8));
    if (tag === DT_STRTAB) strings = long(at + 8);
  }
  // The table's place is told as an address: the segment that is loaded there has it.
  const home = segments.find(({ type, address, size }) =>
    type === PT_LOAD && address <= strings && strings < address + size
  );
  if (home) {
    needs.libraries = names.map((name) => text(strings - home.address + home.offset + name));
  }
  return needs;
}

/**
 * Copies programs out of an unpacked system, with their loader and all libraries they need.
 *
 * @param programs Paths below `from`'s `usr`.
 * @param libraries Names of further libraries.
 * @throws {Error} Where a library is not there.
 */
export function copyWithLibraries(
  programs: readonly string[],
  libraries: readonly string[],
  { from, to }: { from: string; to: string },
): void {
  const folder = libraryFolder(from);
  const pending = [
    ...libraries.map((name) => `${folder}/${name}`),
    ...programs.map((path) => `usr/${path}`),
  ];
  const done = new Set<string>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const bytes = Deno.readFileSync(`${from}/${path}`);
    const target = `${to}/${path}`;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(target, bytes);
    Deno.chmodSync(target, 0o755);
    const { loader, libraries } = elfNeeds(bytes);
    pending.push(...libraries.map((name) => `${folder}/${name}`));
    // `/lib` and `/lib64` lead to `/usr/lib` and `/usr/lib64`.
    if (loader !== null) pending.push(`usr${loader}`);
  }
}

/**
 * Where a Debian system keeps its libraries: `usr/lib/x86_64-linux-gnu`.
 *
 * @throws {Error} Where there are none.
 */
export function libraryFolder(system: string): string {
  for (const { name } of Deno.readDirSync(`${system}/usr/lib`)) {
    if (name.endsWith("-linux-gnu")) return `usr/lib/${name}`;
  }
  throw new Error(`Unpack libc6 in ${system}: it has no C library`);
}
