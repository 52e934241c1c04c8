/** How many processes programs may have, so that the agent beside them always finds room for its own. */

/** RLIMIT_NPROC (asm-generic/resource.h). */
const PROCESSES = 6;
/** What /proc/self/uid_map has where users are those of the machine (user_namespaces(7)). */
const MACHINE = /^\s*0\s+0\s+4294967295\s*$/;

/**
 * Limits the processes and threads of each user, but for root's, who is the agent: of whoever this process starts, and for
 * good. A control group's own limit does not tell agent and programs apart, and an agent that can start no thread ends.
 *
 * The kernel counts a user's processes wherever they run: the user must be no other's. Where the container's root is not
 * the machine's, it would be limited with the others; then nothing is done.
 */
export function limitProcesses(count: number): void {
  if (!MACHINE.test(Deno.readTextFileSync("/proc/self/uid_map"))) return;
  const libc = Deno.dlopen("libc.so.6", {
    setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  });
  const failed = libc.symbols.setrlimit(PROCESSES, BigUint64Array.of(BigInt(count), BigInt(count)));
  libc.close();
  if (failed !== 0) throw new Error(`The limit of ${count} processes could not be set`);
}
