/** Starting a testbed on a container engine. */
import { connectLink, linkCommand } from "../../link/mod.ts";
import { serveMux } from "../../mux/mod.ts";
import { answers, parseDockerSocket } from "../docker_socket.ts";
import { delay } from "../process.ts";
import { createState, removeState, stateError, type StateFolder, sweepStates } from "../state.ts";
import type { ProgramSpec } from "../program.ts";
import type { StartedTestbed, TestbedOptions } from "../testbed.ts";
import { type Engine, startContainer } from "./container.ts";
import { heldContainer, linkContainer, type TestbedFacts } from "./containers.ts";
import { DockerTestbed } from "./docker_testbed.ts";
import { EngineEvents } from "./events.ts";
import { explainDocker, isWithoutTun } from "./explain.ts";
import { LINK_IMAGE, PROGRAMS_IMAGE } from "./image_names.ts";
import { staleNotice } from "./image_stale.ts";
import { ensureImages } from "./images.ts";
import { inTurns } from "./in_turns.ts";
import { labelsOf, TESTBED, testbedName } from "./labels.ts";
import { type LinkProcess, takeLink } from "./link_end.ts";
import { openClient } from "./module.ts";
import { createNetwork } from "./network.ts";
import { type Host, needsOf, Programs } from "./programs.ts";
import { removeForgotten, removeLabelled } from "./removal.ts";
import { MAX_CLIENTS, serverAddress, type Subnet } from "./subnet.ts";
import { containerUser, isReadable } from "./user.ts";
import { startWatch, type Watch } from "./watch.ts";
import { untilEnded } from "./watch_end.ts";

/** The checkout's code, and where the link's image has its own. */
const source = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");
const LINK_MAIN = "file:///socklab/src/link/main.ts";

/** Milliseconds that what was asked for last may take to come, where the set-up is broken off. */
const PATIENCE = 2000;
/** Client hosts started at a time. */
const AT_ONCE = 4;

/**
 * Starts a testbed on the engine that answers on a socket.
 *
 * @throws {UnfitError} At a program that no container can run, before anything is started.
 * @throws {MachineError} In one line, with what to do; nothing is left then, or a watcher sees to it.
 * @throws {RangeError} At a number of clients that the network has no room for.
 */
export async function startDockerTestbed(
  options: TestbedOptions,
  socket: string,
): Promise<StartedTestbed> {
  const { clients = 1, programs = {}, signal, lab, kind = "run" } = options;
  if (!Number.isInteger(clients) || clients < 1 || clients > MAX_CLIENTS) {
    throw new RangeError(`Start 1 to ${MAX_CLIENTS} clients, not ${clients}`);
  }
  for (const program of [programs.server, programs.client]) if (program) needsOf(program);
  signal?.throwIfAborted();
  sweepStates();
  const id = [...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const state = createState({
    lab,
    ...(options.program === undefined ? {} : { program: options.program }),
    engine: "docker",
    kind,
    since: new Date().toISOString(),
    clients,
    docker: { socket, id },
  });
  let watch: Watch;
  try {
    watch = startWatch(socket, [`${TESTBED}=${id}`], state.path);
  } catch (cause) {
    removeState(state.path);
    throw cause;
  }
  const setup = new Setup(options, { id, socket, state, watch });
  try {
    return await setup.run();
  } catch (error) {
    await setup.undo();
    signal?.throwIfAborted();
    throw error;
  }
}

/** One set-up: as much at a time as can be, and undone whole where it fails. */
class Setup {
  readonly #options: TestbedOptions;
  readonly #on: { id: string; socket: string; state: StateFolder; watch: Watch };
  /** What was asked of the engine and has not been answered. */
  readonly #asked = new Set<Promise<unknown>>();
  #engine: Engine | null = null;
  #events: EngineEvents | null = null;
  #programs: Programs | null = null;
  #link: LinkProcess | null = null;
  #listener: Deno.Listener | null = null;
  #swept: Promise<unknown> = Promise.resolve();

  constructor(
    options: TestbedOptions,
    on: { id: string; socket: string; state: StateFolder; watch: Watch },
  ) {
    this.#options = options;
    this.#on = on;
  }

  async run(): Promise<StartedTestbed> {
    const { lab, kind = "run", clients = 1, signal, programs: expected = {} } = this.#options;
    const { onNotice = () => {} } = this.#options;
    const { id, state } = this.#on;
    const socket = parseDockerSocket(this.#on.socket)!;
    const docker = await openClient(socket, onNotice);
    signal?.throwIfAborted();
    const engine: Engine = this.#engine = {
      docker,
      socket,
      onNotice,
      provideImages: once(() => ensureImages(docker, { onNotice, ...(signal ? { signal } : {}) })),
    };
    const facts: TestbedFacts = {
      name: testbedName(lab, id),
      labels: labelsOf({ id, lab, kind, state: state.path }),
      clients,
    };
    const [events, subnet, stale] = await Promise.all([
      this.#ask("follow what happens", EngineEvents.open(docker, `${TESTBED}=${id}`)),
      this.#ask("make a network", createNetwork(docker, facts)),
      staleNotice(docker),
    ]);
    if (stale !== null) onNotice(stale);
    this.#events = events;
    const broken = Promise.withResolvers<Error>();
    const { hostsStay: hosts = kind === "up" } = this.#options;
    const programs = this.#programs = new Programs({
      engine,
      events,
      facts,
      subnet,
      hosts,
      visitor: false,
      broken: broken.promise,
    });
    const started = this.#startLink(engine, facts, subnet);
    const { server, client, hosts: places = hostNumbers(clients) } = expected;
    const others: Promise<unknown>[] = [];
    const prepare = (places: Host[], program: ProgramSpec, before: Promise<unknown>) =>
      this.#ask("start a container", programs.prepare(places, program, before));
    if (server) others.push(prepare(["server"], server, started));
    const standing = hosts ? this.#startHosts(engine, facts, subnet, started) : started;
    standing.catch(() => {}); // Another fault may end the set-up before anybody waits for it.
    if (hosts) others.push(standing);
    if (client && kind === "run") {
      // Whoever starts it hears of it.
      prepare(places, client, standing).catch(() => {});
    }
    const link = this.#link = await this.#unlessBroken(
      takeLink((await started).attached, onNotice),
    );
    await this.#unlessBroken(Promise.all(others));
    untilEnded({
      linkEnded: link.ended,
      eventsLost: events.lost,
      answers: () => answers(socket),
    }).then(broken.resolve);
    this.#serve(link);
    const connection = await connectLink(link.mux);
    this.#swept = removeForgotten(docker).catch(() => {});
    return new DockerTestbed({
      engine,
      events,
      facts,
      serverAddress: serverAddress(subnet),
      driver: link.ready.driver!,
      link: connection,
      programs,
      control: `${state.path}/control.sock`,
      broken: broken.promise,
      end: () => this.undo(),
    });
  }

  #startLink(engine: Engine, facts: TestbedFacts, subnet: Subnet) {
    const argv = linkCommand("/usr/local/bin/deno", {
      device: "eth0",
      driver: this.#options.driver ?? "auto",
      ownerStdin: true,
      muxStdio: true,
    });
    const start = (tun: boolean) => {
      const config = linkContainer(facts, {
        image: LINK_IMAGE,
        subnet,
        command: argv.map((word) => word.endsWith("/src/link/main.ts") ? LINK_MAIN : word),
        // Its root may read no more than everybody may.
        source: isReadable(source, { uid: 0, gid: 0 }) ? source : null,
        tun,
      });
      return startContainer(engine, { ...config, name: `${facts.name}-link` });
    };
    return this.#ask(
      "start the link",
      start(true).catch((error) => {
        if (!isWithoutTun(error)) throw error;
        // Its kernel's netem may do; where it does not, the link says what to do about tun.
        return start(false);
      }),
    );
  }

  /** Client hosts that stay: containers that hold as long as we do. */
  async #startHosts(
    engine: Engine,
    facts: TestbedFacts,
    subnet: Subnet,
    before: Promise<unknown>,
  ): Promise<void> {
    await inTurns(hostNumbers(facts.clients), AT_ONCE, async (host) => {
      const config = heldContainer(facts, {
        image: PROGRAMS_IMAGE,
        role: `client${host}`,
        place: { host, subnet },
        user: containerUser([]),
        folders: [],
      });
      const name = `${facts.name}-client${host}`;
      await this.#ask(
        "start a client host",
        startContainer(engine, { ...config, name }, { before }),
      );
    });
  }

  /** Connections of other processes, on a socket in the state folder. */
  #serve({ mux }: LinkProcess): void {
    const path = `${this.#on.state.path}/control.sock`;
    try {
      this.#listener = Deno.listen({ transport: "unix", path });
      Deno.chmodSync(path, 0o600);
    } catch (cause) {
      throw stateError(path, cause);
    }
    serveMux(this.#listener, mux).catch(() => {});
  }

  /** Remembers what is under way, and tells what goes wrong in words. */
  #ask<T>(doing: string, work: Promise<T>): Promise<T> {
    const asked = work.catch((error) => {
      throw explainDocker(error, doing);
    });
    const settled = asked.then(() => {}, () => {});
    this.#asked.add(settled);
    settled.then(() => this.#asked.delete(settled));
    const answer = this.#unlessBroken(asked);
    answer.catch(() => {}); // Another fault may have ended the set-up before anybody waits for this one.
    return answer;
  }

  /** Rejects at once where the user ends the set-up. */
  async #unlessBroken<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#options;
    if (signal === undefined) return await work;
    const aborted = Promise.withResolvers<never>();
    const stop = () => aborted.reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([work, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Removes all there is; where that cannot be, the watcher goes on with it. */
  async undo(): Promise<void> {
    const { id, state, watch } = this.#on;
    this.#listener?.close();
    this.#link?.mux.close();
    const late = delay(PATIENCE);
    const settled = await Promise.race([
      Promise.all([this.#programs?.[Symbol.asyncDispose](), ...this.#asked, this.#swept])
        .then(() => true),
      late.done.then(() => false),
    ]);
    late.cancel();
    try {
      if (this.#engine !== null) {
        await removeLabelled(this.#engine.docker, [`${TESTBED}=${id}`]);
      }
      if (settled) watch.done();
      else watch.leave();
    } catch {
      watch.leave();
    }
    this.#events?.close();
    removeState(state.path);
  }
}

function hostNumbers(clients: number): number[] {
  return Array.from({ length: clients }, (_, i) => i + 1);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | null = null;
  return () => begun ??= work();
}
