/** One more suite of Debian, from the mirror that a machine uses already. Pure. */

/** A file of apt's sources: `sources.list`, or one of `sources.list.d`. */
export interface SourceFile {
  /** Ends in `.list` (one line each) or `.sources` (deb822). */
  name: string;
  text: string;
}

/** Fields of a deb822 stanza by their lower-case names. */
type Stanza = Map<string, string>;

/**
 * Returns a deb822 stanza for `suite`, `main` only, with mirror, key and trust of the entry from
 * which the machine takes `release` itself (sources.list(5)); undefined where it has none.
 *
 * @param release The machine's codename, such as `bookworm`.
 */
export function suiteSource(
  files: readonly SourceFile[],
  release: string,
  suite: string,
): string | undefined {
  const stanzas = files.flatMap(({ name, text }) =>
    name.endsWith(".sources") ? deb822(text) : oneLine(text)
  );
  const own = stanzas.find((stanza) => {
    const has = (field: string, ...wanted: string[]) =>
      stanza.get(field)?.split(/\s+/).some((word) => wanted.includes(word)) ?? false;
    return stanza.get("enabled") !== "no" && has("types", "deb") && has("components", "main") &&
      has("suites", release, "stable", "oldstable");
  });
  if (!own) return undefined;
  const kept = ["URIs", "Signed-By", "Trusted"].flatMap((field) => {
    const value = own.get(field.toLowerCase());
    return value === undefined ? [] : [`${field}: ${value}\n`];
  });
  return `Types: deb\nSuites: ${suite}\nComponents: main\n${kept.join("")}`;
}

function deb822(text: string): Stanza[] {
  const bare = text.split("\n").filter((line) => !line.startsWith("#")).join("\n");
  return bare.split(/\n\s*\n/).map((block) => {
    // A value goes on in lines that begin with a blank.
    const fields = block.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm);
    return new Map([...fields].map(([, name, value]) => [name!.toLowerCase(), value!.trimEnd()]));
  });
}

function oneLine(text: string): Stanza[] {
  return text.split("\n").flatMap((line) => {
    const entry = /^\s*(deb)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (!entry) return [];
    const [, types, options = "", uris, suites, components] = entry;
    const own = options.split(/\s+/).filter(Boolean).map((option): [string, string] => {
      const at = option.indexOf("=");
      return [option.slice(0, at).toLowerCase(), option.slice(at + 1).replaceAll(",", " ")];
    });
    return [
      new Map([
        ...own,
        ["types", types!],
        ["uris", uris!],
        ["suites", suites!],
        ["components", components!.trim()],
      ]),
    ];
  });
}
