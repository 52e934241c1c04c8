/** Which of a lab's pairs of programs is meant, and the lab as it is with that pair. */
import type { Lab } from "./discover.ts";
import { LabError } from "./error.ts";
import { type LabManifest, stemOf } from "./manifest.ts";
import { nearest } from "./nearest.ts";

/** The names of a lab's pairs: its own pair's first. */
export function pairNames({ programs, variants = {} }: LabManifest): string[] {
  return [stemOf(programs.server), ...Object.keys(variants)];
}

/**
 * Returns the lab with the pair called `name` as its own: its programs, transport, arguments and lines.
 *
 * ```ts
 * withPair(lab, "server_udp").manifest.transport; // "udp"
 * ```
 *
 * @throws {LabError} naming the pairs that there are, and the nearest.
 */
export function withPair(lab: Lab, name: string): Lab {
  const { manifest } = lab;
  const names = pairNames(manifest);
  const stem = name.replace(/\.ts$/, "");
  if (stem === names[0]) return lab;
  const { variants = {} } = manifest;
  const variant = Object.hasOwn(variants, stem) ? variants[stem] : undefined;
  if (variant === undefined) {
    const meant = nearest(stem, names);
    throw new LabError(
      names.length === 1
        ? `Leave out the program '${name}': ${manifest.id} has one pair, ${names[0]}`
        : `Name one of ${manifest.id}'s programs ${names.join(", ")}, not '${name}'` +
          (meant === undefined ? "" : ` (did you mean ${meant}?)`),
    );
  }
  return {
    ...lab,
    manifest: {
      ...manifest,
      transport: variant.transport ?? manifest.transport,
      programs: variant.programs,
      arguments: { ...manifest.arguments, ...variant.arguments },
      ...(variant.lines === undefined ? {} : { lines: variant.lines }),
    },
  };
}

/**
 * Returns the lab with the first pair that has a program of this stem, whichever its role; with its own pair, where that
 * has it.
 *
 * @throws {LabError} where none has.
 */
export function pairWith(lab: Lab, stem: string): Lab {
  const all = pairNames(lab.manifest).map((name) => withPair(lab, name));
  const found = all.find(({ manifest }) =>
    Object.values(manifest.programs).some((file) => stemOf(file) === stem)
  );
  if (found !== undefined) return found;
  const stems = new Set(
    all.flatMap(({ manifest }) => Object.values(manifest.programs).map(stemOf)),
  );
  throw new LabError(
    `Name one of ${lab.manifest.id}'s programs ${[...stems].join(", ")}, not '${stem}'`,
  );
}
