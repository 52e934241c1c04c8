/** The machine that a rig is, as QEMU's command line. Pure. */

/** The kernels: Debian 13's, whose netem knows `seed`, and Debian 12's, which does not. */
export const KERNELS = ["6.12", "6.1"] as const;

/** One of {@linkcode KERNELS}. */
export type KernelName = typeof KERNELS[number];

/** A drive; the machine sees them in order, as /dev/vda and so on. */
export interface Drive {
  file: string;
  /** Whether what is written to it stays. Default false: it is gone with the machine. */
  keep?: boolean;
}

/** What a machine is made of. */
export interface MachinePlan {
  kernel: string;
  initrd: string;
  drives: readonly Drive[];
  /** Ports on this machine's loopback, and where in the rig they lead. */
  ports: readonly { host: number; rig: number }[];
  /** Settings that `inside/setup.sh` reads from the kernel's command line. */
  settings: Readonly<Record<string, string>>;
  memoryMegabytes: number;
}

/**
 * For every kernel: to end at a panic, to be quick, and not to look for the timer's interrupts (no_timer_check), which a
 * busy machine delivers too late for its patience.
 */
const PARAMETERS =
  "console=ttyS0 panic=-1 quiet mitigations=off net.ifnames=0 no_timer_check tsc=reliable";

/** Returns the command line, which begins with QEMU's name. */
export function qemuCommand(plan: MachinePlan): string[] {
  const settings = Object.entries(plan.settings).map(([key, value]) => ` rig.${key}=${value}`);
  const forwards = plan.ports.map(({ host, rig }) => `,hostfwd=tcp:127.0.0.1:${host}-:${rig}`);
  return [
    "qemu-system-x86_64",
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio"],
    ...["-m", `${plan.memoryMegabytes}`, "-smp", "2"],
    // No KVM: it is there on few machines of CI, and does not always boot where it is.
    ...["-accel", "tcg,thread=single,tb-size=512"],
    // QEMU 7.2's cmpxchg16b leaves rubbish in the flags, of which a kernel dies within seconds. Where "rep movsb" is said
    // to be quick (erms, fsrm), all memory is copied with it, and here that is byte by byte.
    ...["-cpu", "max,cx16=off,erms=off,fsrm=off"],
    ...["-kernel", plan.kernel, "-initrd", plan.initrd],
    "-append",
    `${PARAMETERS}${settings.join("")}`,
    ...plan.drives.flatMap(({ file, keep = false }) => {
      const escaped = file.replaceAll(",", ",,");
      const snapshot = keep ? "" : ",snapshot=on";
      return ["-drive", `if=virtio,format=raw,cache=unsafe${snapshot},file=${escaped}`];
    }),
    // Nothing gets out, and in only what is forwarded.
    ...["-netdev", `user,id=net,restrict=on${forwards.join("")}`],
    ...["-device", "virtio-net-pci,netdev=net,romfile="],
    // Entropy at once.
    ...["-device", "virtio-rng-pci"],
  ];
}
