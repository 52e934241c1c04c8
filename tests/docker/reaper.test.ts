/** The reaper's image in Ryuk's place, beside a real engine. */
import { afterEach, expect, test } from "vitest";
import { until } from "../link/poll.ts";
import { docker, labelled } from "./docker_cli.ts";
import { describeDocker } from "./engine.ts";
import { PROGRAMS_IMAGE, ROOT, TESTCONTAINERS_ENV } from "./testcontainers.ts";

/** Far from what removing takes. */
const DEADLINE_MS = 30_000;

const SESSION = "org.testcontainers.session-id";

/** Ids that a test made itself, to be removed if it failed. */
const made: string[][] = [];
afterEach(async () => {
  for (const args of made.splice(0).reverse()) await docker(...args).catch(() => {});
});

/** A label that nobody else uses. */
const mark = () => `socklab-test=${crypto.randomUUID()}`;

describeDocker("the reaper", () => {
  test("removes what Testcontainers started once that is killed", async () => {
    await using client = startClient("killed");
    const session = await client.session;
    const own = await labelled(`${SESSION}=${session}`);
    // A container, its network, and the reaper itself.
    expect(own.map((line) => line.split(" ")[0])).toEqual(["container", "container", "network"]);
    client.process.kill("SIGKILL");
    await until(() => labelled(`${SESSION}=${session}`), (left) => left.length === 0, DEADLINE_MS);
  });

  test("removes containers, networks, volumes and images of a filter, and no others", async () => {
    const [label, other] = [mark(), mark()];
    const reaper = await startReaper({ RYUK_RECONNECTION_TIMEOUT: "100ms" });
    const network = await docker("network", "create", "--internal", "--label", label, named());
    made.push(["network", "rm", network]);
    const volume = await docker("volume", "create", "--label", label);
    made.push(["volume", "rm", volume]);
    const image = await emptyImage(label);
    await startIdle(label, network, "--volume", `${volume}:/data`);
    const stays = await startIdle(other);
    expect(image).toContain("sha256:");
    expect(await labelled(label)).toHaveLength(4);
    (await connect(reaper.port, `label=${label}`)).close();
    await until(() => labelled(label), (left) => left.length === 0, DEADLINE_MS);
    expect(await labelled(other)).toEqual([`container ${stays}`]);
    expect(await docker("wait", reaper.id)).toBe("0");
    expect(await docker("logs", reaper.id)).toContain(`Removed volume ${volume}`);
  });

  test("ends by itself where nobody connects", async () => {
    const { id } = await startReaper({ RYUK_CONNECTION_TIMEOUT: "500ms" });
    expect(await docker("wait", id)).toBe("0");
    expect(await docker("logs", id)).toMatch(/Started.*\nNobody connected within 500 ms$/s);
  });

  test("removes what was announced when it is stopped itself", async () => {
    const label = mark();
    const reaper = await startReaper({});
    await startIdle(label);
    using _connection = await connect(reaper.port, `label=${label}`);
    await docker("stop", "--time", "20", reaper.id);
    expect(await labelled(label)).toEqual([]);
    expect(await docker("wait", reaper.id)).toBe("0");
  });
});

/** Starts a process that starts a container in a network with Testcontainers, then waits. */
function startClient(name: string) {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tests/docker/reaper_client.ts", name],
    cwd: ROOT,
    env: TESTCONTAINERS_ENV,
    // It ends with us.
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const session = (async () => {
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
      const found = /session (\S+)\n/.exec(text)?.[1];
      if (found) return found;
    }
    throw new Error("The client ended before it said its session");
  })();
  return {
    process,
    session,
    async [Symbol.asyncDispose]() {
      try {
        process.kill("SIGKILL");
      } catch {
        // The test did.
      }
      await process.status;
    },
  };
}

/** Starts the image as Testcontainers does, but with its own settings. */
async function startReaper(env: Record<string, string>): Promise<{ id: string; port: number }> {
  const id = await docker(
    ...["run", "--detach", "--publish", "127.0.0.1::8080", "--label", mark()],
    // So that no other test's Testcontainers takes it for its own.
    ...["--label", "TESTCONTAINERS_RYUK_TEST_LABEL=true"],
    ...["--volume", "/var/run/docker.sock:/var/run/docker.sock"],
    ...Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    TESTCONTAINERS_ENV.RYUK_CONTAINER_IMAGE!,
  );
  made.push(["rm", "--force", id]);
  const started = (log: string) => log.includes("Started");
  await until(() => docker("logs", id), started, DEADLINE_MS);
  const address = await docker("port", id, "8080/tcp").catch(() => "");
  return { id, port: Number(address.split(":").at(-1)) };
}

/** Starts a container that does nothing; returns its short id. */
async function startIdle(label: string, network = "none", ...options: string[]): Promise<string> {
  const id = await docker(
    ...["run", "--detach", "--init", "--label", label, "--network", network, ...options],
    ...[PROGRAMS_IMAGE, "sleep", "3600"],
  );
  made.push(["rm", "--force", "--volumes", id]);
  return id.slice(0, 12);
}

/** Makes an image of nothing; returns its id. */
async function emptyImage(label: string): Promise<string> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/Dockerfile`, `FROM scratch\nLABEL ${label}\nCMD ["none"]\n`);
    const id = await docker("build", "--quiet", "--tag", `${named()}:1`, folder);
    made.push(["image", "rm", "--force", id]);
    return id;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const named = () => `socklab-reaper-test-${crypto.randomUUID()}`;

/** Announces a filter; resolves once the reaper has promised to keep it. */
async function connect(port: number, filter: string): Promise<Deno.Conn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${filter}\r\n`));
  const buffer = new Uint8Array(10);
  const length = await connection.read(buffer) ?? 0;
  expect(new TextDecoder().decode(buffer.subarray(0, length))).toBe("ACK\n");
  return connection;
}
