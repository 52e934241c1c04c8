/** What `./lab new-lab` makes: a lab of the template's files, and its line in the compose files. Pure. */
import type { NewFile } from "./student_folder.ts";

/** What a new lab is called. */
export interface NewLabName {
  /** `lab7-example`: its folder in `labs/`. */
  folder: string;
  /** `lab7`. */
  id: string;
  number: number;
}

/**
 * Returns the name that an argument such as `labs/lab7-example` means, or null where it is none: `lab`, a number
 * from 1, and lower-case words joined by dashes.
 */
export function newLabName(argument: string): NewLabName | null {
  const folder = argument.replace(/^(?:\.\/)?labs\//, "").replace(/\/$/, "");
  const match = /^(lab([1-9]\d{0,3}))(?:-[a-z0-9]+)+$/.exec(folder);
  return match && { folder, id: match[1]!, number: Number(match[2]) };
}

/**
 * Returns the files of a new lab from those of the template, which is called lab0, has the title
 * Example and the port 7000, and keeps its test from running under a name of its own.
 */
export function newLab(
  template: readonly NewFile[],
  { folder, id, number }: NewLabName,
): NewFile[] {
  const words = folder.slice(id.length + 1).replaceAll("-", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return template.map(({ path, text, ...more }) => ({
    ...more,
    path: path === "checks_test.ts" ? "checks.test.ts" : path,
    text: text.replaceAll("}:0::/", `}:${number}::/`)
      .replaceAll(/\b7000\b/g, String(7000 + number))
      .replaceAll(/(?<=\blab0[:,] |"title": ")Example\b/g, title)
      .replaceAll("lab0", id),
  }));
}

/**
 * Returns a compose file's text with an entry that includes the lab too, among the others by its number.
 *
 * @param text Of the checkout's `compose.yaml`, or `compose.ipv6.yaml`, whose entries have several lines.
 */
export function includeLab(text: string, { folder, number }: NewLabName): string {
  const [head = "", ...entries] = text.trimEnd().split(/\n(?= {2}- )/);
  const numberIn = (entry: string) => Number(/labs\/lab(\d+)-/.exec(entry)?.[1]);
  const pattern = entries.at(-1) ?? "  - labs/lab0-/compose.yaml";
  const added = pattern.replaceAll(/labs\/lab\d+-[^/]*\//g, `labs/${folder}/`);
  const before = entries.filter((entry) => numberIn(entry) < number);
  return [head, ...before, added, ...entries.slice(before.length), ""].join("\n");
}
