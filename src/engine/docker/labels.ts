/** The labels by which containers and networks are told apart, and by which it is known whose they are. Pure but for `thisPlace()`. */
import { startTime } from "../process.ts";

/** Who made something: a process, by its number and its start, since numbers come again. */
export const OWNER = "socklab.owner";
/** Where that number means something: a boot of a machine and a namespace of process ids. */
export const PLACE = "socklab.place";
/** Which testbed something belongs to. */
export const TESTBED = "socklab.testbed";

/** What the names of a testbed's containers begin with; its network has this name. */
export function testbedName(lab: string, id: string): string {
  return `socklab-${lab}-${id}`;
}

/** What a testbed's labels say. */
export interface LabelFacts {
  /** The testbed's id. */
  id: string;
  lab: string;
  kind: "run" | "up";
  /** Path of its state folder. */
  state: string;
}

/** Labels of everything that this process makes for a testbed. */
export function labelsOf({ id, lab, kind, state }: LabelFacts): Record<string, string> {
  return {
    [TESTBED]: id,
    "socklab.lab": lab,
    "socklab.kind": kind,
    "socklab.state": state,
    [OWNER]: thisOwner(),
    [PLACE]: thisPlace(),
  };
}

/** This process, as the value of {@link OWNER}. */
export function thisOwner(): string {
  return `${Deno.pid}:${startTime(Deno.pid) ?? ""}`;
}

let place: string | null = null;

/** This boot and namespace, as the value of {@link PLACE}. */
export function thisPlace(): string {
  return place ??= findPlace();
}

function findPlace(): string {
  try {
    const boot = Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim();
    const namespace = Deno.readLinkSync("/proc/self/ns/pid").replace(/\D/g, "");
    return `${boot}.${namespace}`;
  } catch {
    return Deno.hostname();
  }
}

/**
 * What became of the owner that labels name: `here` runs; `gone` has ended; `elsewhere` cannot be told from here, another
 * machine's, or of an earlier boot.
 */
export function ownerOf(labels: Readonly<Record<string, string>>): "here" | "gone" | "elsewhere" {
  if (labels[PLACE] !== thisPlace()) return "elsewhere";
  const [pid, start] = (labels[OWNER] ?? "").split(":");
  return startTime(Number(pid)) === start ? "here" : "gone";
}
