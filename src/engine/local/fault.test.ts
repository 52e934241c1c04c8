import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalTestbed } from "./start_local.ts";
import { isRoot, type Machine, runTrial, Stage } from "./trials/stage.ts";

let stage: Stage;
beforeEach(() => void (stage = new Stage()));
afterEach(async () => await stage[Symbol.asyncDispose]());

const patience = 30_000;

describe("a link that", () => {
  const start = (script: string, deadlineMs = 20_000) =>
    startLocalTestbed({ lab: "trial" }, { link: ["/bin/sh", "-c", script], deadlineMs });

  afterEach(async () => {
    expect(stage.states()).toEqual([]);
    await stage.empty();
  });

  test("fails says why in its own words", async () => {
    const failing = "echo note >&2; echo 'Load the tun module: there is none' >&2; exit 3";
    await expect(start(failing)).rejects.toThrow(/^Load the tun module: there is none$/);
  }, patience);

  test("ends without a word is told so", async () => {
    await expect(start("exit 0")).rejects.toThrow(/^Start again: the link ended without a word$/);
  }, patience);

  test("is never ready is ended at the deadline", async () => {
    await expect(start("exec cat", 300)).rejects.toThrow(/not ready within 0\.3 s$/);
  }, patience);

  test("hangs, deaf to its owner, is ended at the deadline", async () => {
    await expect(start("exec sleep 300", 300)).rejects.toThrow(/not ready within 0\.3 s$/);
  }, patience);

  test("talks nonsense is ended", async () => {
    await expect(start("echo nonsense; exec sleep 300")).rejects.toThrow(/Update this checkout/);
  }, patience);

  test("is ready but has no control socket is ended", async () => {
    const ready = `echo '{"v":1,"ready":true,"driver":"tun"}'; exec cat`;
    await expect(start(ready)).rejects.toThrow(/no link answers at/);
  }, patience);
});

/** Faults of a machine: built by root in namespaces of their own, met by an ordinary user. */
const faults: [string, Machine, RegExp, string[]][] = [
  [
    "without /dev/net/tun",
    { prepare: "mount -t tmpfs none /dev/net" },
    /^Load the tun module .*there is no \/dev\/net\/tun$/,
    [],
  ],
  [
    "where /dev/net/tun is forbidden",
    { prepare: "chmod 600 /dev/net/tun" },
    /^Allow your user the tun device \(sudo chmod 0666 \/dev\/net\/tun\)/,
    [],
  ],
  [
    "without nsenter and setpriv",
    {
      prepare: `for tool in nsenter setpriv; do
mount --bind /dev/null "$(command -v $tool)"
done`,
      nobody: false,
    },
    /^Install util-linux \(as root: apt-get install util-linux\): there is no nsenter, setpriv$/,
    ["util-linux"],
  ],
  [
    "without ip",
    { prepare: `mount --bind /dev/null "$(readlink -f "$(command -v ip)")"` },
    /^Install iproute2 .*there is no ip$/,
    ["iproute2"],
  ],
  [
    "with a full disk for state",
    {
      prepare: `mount -t tmpfs -o size=8k,mode=1777 none "$XDG_RUNTIME_DIR"
head -c 8192 /dev/zero >"$XDG_RUNTIME_DIR/full"
export DENO_DIR=/nowhere`,
    },
    /^Make room on the disk of .*os error 28/,
    [],
  ],
  [
    "where state cannot be written",
    { prepare: `mount -t tmpfs -o ro none "$XDG_RUNTIME_DIR"` },
    /^Make writable .*os error 30/,
    [],
  ],
  [
    "whose user namespaces are used up",
    {
      // The limit belongs to the user namespace: this one's is none of the machine's.
      within: [
        ...["unshare", "--user", "--map-current-user", "--keep-caps", "/bin/sh", "-c"],
        'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --ambient-caps=-all --inh-caps=-all "$@"',
        "sh",
      ],
    },
    /^Run sudo sysctl -w user\.max_user_namespaces=\d+ .*user\.max_user_namespaces is 0$/,
    [],
  ],
];

describe.runIf(isRoot)("on a machine", () => {
  test.each(faults)("%s: one line says what to do", async (_name, machine, message, packages) => {
    const said = await runTrial("attempt", stage, { nobody: true, ...machine });
    expect(said).toEqual({
      name: "MachineError",
      message: expect.stringMatching(message),
      packages,
    });
    expect((said as { message: string }).message).not.toContain("\n");
    expect(stage.states()).toEqual([]);
    await stage.empty();
  }, patience);
});
