/** The processes of a program in a container: the engine lists none that have ended, so a shell in there looks. */
import type Docker from "dockerode";
import { countProcesses, type ProcessCount } from "../process_count.ts";
import { OutputFrames } from "./demux.ts";

/** Prints /proc/PID/stat of each process but this one, with what a shell can do by itself. */
const LOOK = "for p in /proc/[0-9]*; do " +
  '[ "$p" = "/proc/$$" ] || { read -r line <"$p/stat" && echo "$line"; }; done';

/** Counts the processes in a container; null where the engine does not tell. */
export async function containerProcesses(
  container: Docker.Container,
): Promise<ProcessCount | null> {
  try {
    const exec = await container.exec({ Cmd: ["/bin/sh", "-c", LOOK], AttachStdout: true });
    const frames = new OutputFrames();
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of await exec.start({})) {
      for (const { bytes } of frames.push(piece as Uint8Array)) {
        text += decoder.decode(bytes, { stream: true });
      }
    }
    return text === "" ? null : countProcesses(text.split("\n"));
  } catch {
    return null; // It has ended, or the engine has.
  }
}
