/** Where a container engine listens, and connecting there. */

/** A place to connect to. */
export type DockerSocket = { path: string } | { hostname: string; port: number };

/**
 * Returns where an engine listens, from a socket's path or from DOCKER_HOST's text; null where that is neither `unix://`
 * nor `tcp://`. Pure.
 */
export function parseDockerSocket(text: string): DockerSocket | null {
  if (text.startsWith("unix://")) return { path: text.slice("unix://".length) };
  if (text.startsWith("/")) return { path: text };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "tcp:") return null;
  // An IPv6 address stands in brackets in a URL only.
  return { hostname: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 2375) };
}

/** Connects to an engine. */
export async function connectDocker(
  socket: DockerSocket,
  signal?: AbortSignal,
): Promise<Deno.TcpConn | Deno.UnixConn> {
  if ("path" in socket) return await Deno.connect({ transport: "unix", path: socket.path });
  const { hostname, port } = socket;
  return await Deno.connect({ hostname, port, ...(signal ? { signal } : {}) });
}

/** Whether an engine takes connections. */
export async function answers(socket: DockerSocket): Promise<boolean> {
  try {
    (await connectDocker(socket, AbortSignal.timeout(1000))).close();
    return true;
  } catch {
    return false;
  }
}
