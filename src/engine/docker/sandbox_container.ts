/** What a sandbox's container is made of, as the engine's API takes it. Pure. */
import type Docker from "dockerode";
import { LOGS, SANDBOX_ENV, SUBMISSION } from "../sandbox/protocol.ts";
import { CONFINED, type Place, standingAt, STREAMS, type TestbedFacts } from "./containers.ts";
import type { ContainerUser } from "./user.ts";

/** What a sandbox's container is made of. */
export interface SandboxContainer {
  image: string;
  role: string;
  place: Place;
  /** Whose rights programs get. */
  user: ContainerUser;
  /** What the programs in it may take. */
  limits: { memory: number; pids: number };
}

/** Memory and processes of the agent in a sandbox, beside what its programs may take. */
const AGENT = { memory: 128 << 20, pids: 32 };

/**
 * A sandbox's container, whose agent the image names. The agent starts programs as another user (SETUID, SETGID), ends
 * them (KILL), and tidies up behind them (DAC_OVERRIDE, FOWNER); they themselves have no capability and can gain none.
 */
export function sandboxContainer(
  facts: TestbedFacts,
  { image, role, place, user, limits }: SandboxContainer,
): Docker.ContainerCreateOptions {
  const { NetworkingConfig, HostConfig, ...standing } = standingAt(facts, place);
  const memory = limits.memory + AGENT.memory;
  const folder = (size: string, mode: string) =>
    `rw,nosuid,nodev,nr_inodes=8k,size=${size},mode=${mode}`;
  return {
    ...standing,
    ...STREAMS,
    ...(NetworkingConfig ? { NetworkingConfig } : {}),
    Image: image,
    User: "0:0",
    Env: [
      `${SANDBOX_ENV}=${user.uid}:${user.gid}:${limits.memory}:${limits.pids}`,
      "HOME=/tmp",
      "TMPDIR=/tmp",
      "NO_COLOR=1",
    ],
    WorkingDir: "/",
    Labels: { ...facts.labels, "socklab.role": role },
    HostConfig: {
      ...CONFINED,
      ...HostConfig,
      CapAdd: ["SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER"],
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: limits.pids + AGENT.pids,
      // Half of what the link and the peers get, where all want the processor.
      CpuShares: 512,
      Ulimits: [{ Name: "nofile", Soft: 16_384, Hard: 16_384 }, { Name: "core", Soft: 0, Hard: 0 }],
      Tmpfs: {
        [SUBMISSION]: `exec,${folder("64m", "0755")}`,
        [LOGS]: folder("64m", "1777"),
        "/tmp": folder("64m", "1777"),
        "/dev/shm": folder("64m", "1777"),
      },
      // What System V lets outlive its processes (sysvipc(7)): memory goes with them, queues there are none.
      Sysctls: { ...HostConfig.Sysctls, "kernel.shm_rmid_forced": "1", "kernel.msgmni": "0" },
    },
  };
}
