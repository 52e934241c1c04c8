/** Asks a container engine for its version, and for our images: plain HTTP on its socket, no client library. */
import { connectDocker, parseDockerSocket } from "./docker_socket.ts";
import type { DockerFacts } from "./machine_facts.ts";

/** Where engines listen: DOCKER_HOST if it is set, else the usual sockets, the system's first. */
export function dockerSockets(env: (name: string) => string | undefined): string[] {
  const host = env("DOCKER_HOST");
  if (host) return [host.startsWith("unix://") ? host.slice("unix://".length) : host];
  const runtime = env("XDG_RUNTIME_DIR");
  const home = env("HOME");
  return [
    "/var/run/docker.sock",
    ...(runtime ? [`${runtime}/docker.sock`] : []),
    ...(home ? [`${home}/.docker/run/docker.sock`] : []),
  ];
}

/** Returns the version that the first answering socket gives, or why none answers. Never rejects. */
export async function probeDocker(
  options: { signal?: AbortSignal; env?: (name: string) => string | undefined } = {},
): Promise<DockerFacts> {
  let found: DockerFacts = { socket: null, version: null, kernel: null, reason: "absent" };
  for (const socket of dockerSockets(options.env ?? ((name) => Deno.env.get(name)))) {
    const facts = await ask(socket, options.signal);
    if (facts.version !== null) return facts;
    if (found.reason === "absent") found = facts;
  }
  return found;
}

/**
 * Returns which of the images an engine has; all are missing where it does not answer.
 *
 * @param socket As {@linkcode probeDocker} found it.
 */
export async function probeImages(
  socket: string,
  tags: readonly string[],
  signal?: AbortSignal,
): Promise<{ tag: string; there: boolean }[]> {
  const filters = encodeURIComponent(JSON.stringify({ reference: tags }));
  const place = parseDockerSocket(socket);
  let there: string[] = [];
  try {
    const body = place &&
      await get(await connectDocker(place, signal), `/images/json?filters=${filters}`, signal);
    there = (body as { RepoTags: string[] | null }[]).flatMap(({ RepoTags }) => RepoTags ?? []);
  } catch {
    // It has ended since, or is no engine.
  }
  return tags.map((tag) => ({ tag, there: there.includes(tag) }));
}

async function ask(socket: string, signal?: AbortSignal): Promise<DockerFacts> {
  const none = (reason: DockerFacts["reason"]): DockerFacts => ({
    ...{ socket, version: null, kernel: null, reason },
  });
  const place = parseDockerSocket(socket);
  if (place === null) return none("unknown-host");
  let connection: Deno.Conn;
  try {
    connection = await connectDocker(place, signal);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return socket.startsWith("/") ? { ...none("absent"), socket: null } : none("refused");
    }
    return none(error instanceof Deno.errors.PermissionDenied ? "forbidden" : "refused");
  }
  try {
    const said = await get(connection, "/version", signal) as Record<string, unknown> | null;
    const word = (name: string) => typeof said?.[name] === "string" ? said[name] as string : null;
    const version = word("Version");
    if (version === null) return none("silent");
    return { socket, version, kernel: word("KernelVersion"), reason: null };
  } catch {
    return none("silent");
  }
}

/** The JSON at a path, by one request on a connection, which is closed then. */
async function get(connection: Deno.Conn, path: string, signal?: AbortSignal): Promise<unknown> {
  const close = () => {
    try {
      connection.close();
    } catch {
      // closed before
    }
  };
  signal?.addEventListener("abort", close);
  try {
    signal?.throwIfAborted();
    // HTTP/1.0, so that the answer ends with the connection.
    const request = `GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`;
    const writer = connection.writable.getWriter();
    await writer.write(new TextEncoder().encode(request));
    const answer = await new Response(connection.readable).text();
    return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}
