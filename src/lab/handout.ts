/** A lab's handout as it stands in a student's own folder. Pure. */

/** What a handout's copy is made for. */
export interface HandoutPlace {
  /** The lab's id: `lab3`. */
  id: string;
  /** The lab's folder in the checkout: `labs/lab3-udp-uppercase`. */
  labFolder: string;
  /** The checkout: an absolute path without a slash at its end. */
  checkout: string;
}

/** What of a lab a student's folder does not hold: links to it are left as text. */
const WITHHELD = /^(?:solution|broken|checks|checks(?:\.test)?\.ts)(?:\/|$)/;

/**
 * Returns the handout for a folder that `./lab new` makes. Handouts call that folder `my-lab3`; in it,
 * where commands start, it is `.`, and the commands that make it are left out. Paths of the checkout in
 * commands, and links into it, lead there from anywhere; links to the starter lead to the student's own
 * files. What commands have printed stays as it was.
 *
 * @param handout The text of the lab's `README.md`.
 */
export function studentHandout(handout: string, place: HandoutPlace): string {
  const making = new RegExp(`^(?:\\./lab new ${place.id} |cp -r \\S+ my-|cd my-)`);
  let fence = "", printed = false;
  const lines = handout.split("\n").flatMap((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && (fence === "" || line.trim() === fence)) {
      printed = fence === "" && line.trim() === `${mark}text`;
      fence = fence === "" ? mark : "";
      return [line];
    }
    if (printed) return [line];
    if (fence !== "") return making.test(line) ? [] : [ownPaths(line, place)];
    return [
      spansOf(line).map((part) =>
        part.startsWith("`") ? ownPaths(part, place) : ownLinks(part, place)
      ).join(""),
    ];
  });
  const text = lines.join("\n").replace(/```\w*\n```\n\n?/g, "");
  const heading = text.indexOf("\n") + 1;
  return `${text.slice(0, heading)}\n${note(place.id)}${text.slice(heading)}`;
}

/** `my-lab3/server.ts` becomes `server.ts`, `my-lab3` becomes `.`, and paths of labs become absolute. */
function ownPaths(text: string, { id, checkout }: HandoutPlace): string {
  if (text.includes("./lab new ")) return text;
  return text.replace(new RegExp(`(?<=[\\s=\`])my-${id}/(?=\\w)`, "g"), "")
    .replace(new RegExp(`(?<=[\\s=\`])my-${id}/?(?=[\\s\`]|$)`, "g"), ".")
    .replace(/(?<=[\s=`])labs\/lab\d[^\s`]*/g, (path) => quote(`${checkout}/${path}`));
}

/** A line as text and spans of code in turn; a span that is a link's text stays with its link. */
function spansOf(line: string): string[] {
  return line.split(/((?<!\[)`[^`]+`)/);
}

function ownLinks(text: string, { labFolder, checkout }: HandoutPlace): string {
  return text.replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, label: string, link: string) => {
    if (/^(?:[a-z][a-z0-9+.-]*:|#)/i.test(link)) return whole;
    const [file = "", anchor] = link.split("#");
    const path = decodeURIComponent(new URL(file, `file:///${labFolder}/`).pathname.slice(1));
    const inLab = path.startsWith(`${labFolder}/`) ? path.slice(labFolder.length + 1) : "";
    if (WITHHELD.test(inLab)) return label;
    if (/^starter\/?/.test(inLab)) return `[${label}](${inLab.slice("starter/".length) || "."})`;
    const end = anchor === undefined ? "" : `#${anchor}`;
    return `[${label}](${fileUrl(`${checkout}/${path}`)}${end})`;
  });
}

/** A path as a URL that may stand between a link's parentheses. */
function fileUrl(path: string): string {
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return `file://${escaped.replaceAll("(", "%28").replaceAll(")", "%29")}`;
}

/** Returns a path as a POSIX shell reads it. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** What is different here, for under the heading. */
function note(id: string): string {
  return `> This is your own folder for ${id}: its programs are yours to change, and the commands of this page
> start in it.
>
> - \`./lab run ${id}\` runs the lab's own programs
> - \`./lab run ${id} --server . --client .\` runs yours, and so does \`deno task run\`
> - \`./lab check ${id} .\` says what yours do right, and so does \`deno task check\`
>
> Options may follow each of them: with \`--netem none\` nothing is lost, which is best at first.
> \`./lab\` calls the one of the Socklab checkout, and what a run leaves comes to \`out/\` here. Compose
> sees the checkout only: for containers, add \`--engine docker\`.
`;
}
