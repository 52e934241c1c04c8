/** What our images are called on an engine. */
import config from "../../../deno.json" with { type: "json" };

/** What programs run in: server, client, shells. */
export const PROGRAMS_IMAGE = `socklab/programs:${config.version}`;
/** What the link runs in. */
export const LINK_IMAGE = `socklab/link:${config.version}`;
