/** `lab netem`: what the link of a lab that is up does, shown and changed while packets pass. */
import { profileText } from "./setting_text.ts";
import { defineVerb, type Style, UsageError } from "./verb.ts";

export const verb = defineVerb({
  name: "netem",
  summary: "Show, set or reset what the link of a lab that is up does",
  description:
    "Changes take effect in the next packets. `set` applies the whole profile; `reset` makes a perfect wire.",
  positionals: [
    { name: "ACTION", help: "What to do", choices: ["show", "set", "reset"] },
    { name: "LAB", help: "The lab, such as lab3", completes: "lab" },
    { name: "PROFILE", help: "With set: both directions, in tc's words", optional: true },
  ],
  options: {
    up: { type: "string", placeholder: "PROFILE", help: "With set: towards the server" },
    down: { type: "string", placeholder: "PROFILE", help: "With set: towards the clients" },
    script: {
      type: "string",
      placeholder: "SCRIPT",
      help: "With set: decide for packets by number",
    },
    seed: { type: "string", placeholder: "N", help: "With set: start the random numbers over" },
    json: { type: "boolean", help: "The link's state as JSON" },
  },
  examples: [
    { line: "./lab netem show lab3", help: "What it does, and what it has counted" },
    { line: "./lab netem set lab3 'loss 50%'", help: "Lose half of what comes, from now on" },
    { line: "./lab netem set lab3 --down 'delay 200ms'", help: "Slow answers; requests as before" },
    { line: "./lab netem reset lab3", help: "A perfect wire" },
  ],
  async run({ values, positionals, output, root }) {
    const [action, name, profile] = positionals;
    const extra = profile !== undefined || values.up !== undefined || values.down !== undefined ||
      values.script !== undefined || values.seed !== undefined;
    if (action !== "set" && extra) {
      throw new UsageError(`Use set to change the link: ${action} takes the lab alone`);
    }
    const { requireUp } = await import("./find_up.ts");
    const { lab, state } = requireUp(root, name!);
    const { connectLink, driverText } = await import("../src/link/mod.ts");
    using link = await connectLink(`${state.path}/control.sock`);
    let shown = await link.show();
    if (action === "reset") shown = await link.reset();
    if (action === "set") {
      const { changeOf } = await import("./netem_change.ts");
      const change = changeOf({ ...values, netem: profile }, shown);
      for (const note of change.notes) output.err(`lab: ${note}\n`);
      shown = await link.set(change);
    }
    output.out(
      values.json ? JSON.stringify(shown) + "\n" : stateText(
        `${output.style.bold(lab.manifest.id)}  ${driverText(shown)}`,
        shown,
        output.style,
      ),
    );
    return 0;
  },
});

/** Returns the link's state as a few lines. */
function stateText(
  title: string,
  state: import("../src/link/mod.ts").LinkState,
  style: Style,
): string {
  const lines = [`${title}, congestion control ${state.congestion}`];
  for (const direction of ["up", "down"] as const) {
    const { profile, script, counts, queued } = state[direction];
    const what = profileText(profile);
    lines.push(`  ${direction.padEnd(5)} ${style.bold(what)}${script ? `, script ${script}` : ""}`);
    lines.push(style.dim(
      `        seen ${counts.seen}, delivered ${counts.delivered}, lost ${counts.lost}, duplicated ${counts.duplicated}, ` +
        `corrupted ${counts.corrupted}, reordered ${counts.reordered}, queued ${queued}`,
    ));
  }
  if (state.missed > 0) {
    lines.push(style.dim(`  missed ${state.missed} records under load`));
  }
  return lines.join("\n") + "\n";
}
