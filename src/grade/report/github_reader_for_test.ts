/** A reader of the logs of GitHub Actions. Pure. */

/** A command that was obeyed. */
export interface Command {
  name: string;
  properties: Record<string, string>;
  data: string;
}

/**
 * The commands in a step's log that the runner obeys, by the grammar that GitHub publishes: `::name k=v,k=v::data` at the
 * beginning of a line, or the older `##[name k=v;k=v]data` anywhere in it.
 */
export function obeyed(log: string): Command[] {
  const commands: Command[] = [];
  const plain = (text: string) =>
    text.replace(/%(0D|0A|3A|2C|25)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  let resumes: string | null = null;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const match = /^\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line) ??
      /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line);
    if (match === null) continue;
    const [, name = "", properties = "", data = ""] = match;
    if (resumes !== null) {
      if (name === resumes) resumes = null;
    } else if (name === "stop-commands") {
      resumes = data;
    } else {
      const pairs = properties.split(/[,;]/).filter((pair) => pair !== "")
        .map((pair) => pair.split(/=(.*)/s).map(plain));
      commands.push({ name, properties: Object.fromEntries(pairs), data: plain(data) });
    }
  }
  if (resumes !== null) throw new Error(`No command is obeyed any more: ${resumes} does not come`);
  return commands;
}
