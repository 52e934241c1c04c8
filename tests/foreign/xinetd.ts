/** xinetd with the services that it has built in: echo (RFC 862), daytime (RFC 867) and time (RFC 868). */
import type { TestProcess } from "../program.ts";
import { ADDRESS, serving } from "./tools.ts";

/** Where each listens, over TCP and over UDP. */
export const XINETD_PORTS = { echo: 50_001, daytime: 50_002, time: 50_003 } as const;

/** Starts it in the foreground, with a configuration in a folder of the test's. */
export async function startXinetd(folder: string): Promise<TestProcess> {
  const config = `${folder}/xinetd.conf`;
  const user = new TextDecoder().decode(
    (await new Deno.Command("id", { args: ["-un"] }).output())
      .stdout,
  ).trim();
  const services = Object.entries(XINETD_PORTS).flatMap(([service, port]) => [
    serviceText(service, { id: "stream", protocol: "tcp", wait: "no", port, user }),
    serviceText(service, { id: "dgram", protocol: "udp", wait: "yes", port, user }),
  ]);
  Deno.writeTextFileSync(config, `defaults\n{\n}\n${services.join("")}`);
  // The last of its services: it binds them in the order in which they stand.
  const last = { transport: "udp", port: XINETD_PORTS.time } as const;
  const files = ["-pidfile", `${folder}/xinetd.pid`, "-filelog", `${folder}/xinetd.log`];
  return await serving(["xinetd", "-dontfork", "-f", config, ...files], last);
}

/** xinetd.conf(5): UNLISTED services have their port here instead of in /etc/services. */
function serviceText(
  service: string,
  { id, protocol, wait, port, user }: {
    id: string;
    protocol: string;
    wait: string;
    port: number;
    user: string;
  },
): string {
  return `service ${service}
{
  type = INTERNAL UNLISTED
  id = ${service}-${id}
  socket_type = ${id}
  protocol = ${protocol}
  wait = ${wait}
  port = ${port}
  bind = ${ADDRESS}
  user = ${user}
}
`;
}
