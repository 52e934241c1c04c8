/** Taking the terminal back from a shell that cannot give it back. */

const SIGTTOU = 22, SIG_IGN = 1n, STDIN = 0;

/**
 * Makes our process group the terminal's foreground again. A shell in a PID namespace of its own cannot: it sees no
 * number for the group it took the terminal from. Without it the next reader of the terminal, such as a script's
 * `read`, gets an error (credentials(7), tcsetpgrp(3)).
 */
export function takeTerminalBack(): void {
  if (!Deno.stdin.isTerminal()) return;
  try {
    const libc = Deno.dlopen("libc.so.6", {
      signal: { parameters: ["i32", "usize"], result: "usize" },
      getpgrp: { parameters: [], result: "i32" },
      tcsetpgrp: { parameters: ["i32", "i32"], result: "i32" },
    });
    // From the background, the change is allowed only to who does not heed this signal.
    libc.symbols.signal(SIGTTOU, SIG_IGN);
    libc.symbols.tcsetpgrp(STDIN, libc.symbols.getpgrp());
    libc.close();
  } catch {
    // Without it an interactive shell takes the terminal back itself.
  }
}
