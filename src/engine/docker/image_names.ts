/** What our images are called on an engine. */
import { imageTag, readVersions } from "./image_recipe.ts";

/** The checkout that this file belongs to. */
const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");
const { socklab } = readVersions(root);

/** What programs run in: server and clients. */
export const PROGRAMS_IMAGE = imageTag("programs", socklab);
/** What the link runs in, and shells. */
export const LINK_IMAGE = imageTag("link", socklab);
/** What programs of strangers run in, unless they need another. */
export const SANDBOX_IMAGE = imageTag("sandbox", socklab);
