/** Which driver runs take on kernels that have netem: one whose netem follows seeds, and one whose does not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "./rig/checkout.ts";
import type { RigClient } from "./rig/client.ts";
import { describeKernel, noRig } from "./rig/describe_kernel.ts";
import { Rig } from "./rig/rig.ts";

const short = "--count 3 --interval 10";
const tc = "driver tc \\(kernel 6\\.12[.\\d]*, iproute2 [.\\d]+\\)";
const scripted = "driver tun \\(the kernel's netem follows no script\\)";

/** Runs command lines in the checkout in a rig; each line of their output, and their status behind it. */
async function lab(rig: RigClient, ...lines: string[]): Promise<string[]> {
  const script = lines.map((line) => `${line}; echo "status $?"`).join("\n");
  const { stdout } = await rig.exec(`cd '${ROOT}'\n{ ${script}\n} 2>&1`, { timeoutMs: 110_000 });
  return stdout.split("\n");
}

describeKernel("where the kernel's netem follows seeds", (rig) => {
  test("a run takes tc, and the doctor has said so", async () => {
    const lines = await lab(
      rig(),
      "./lab doctor",
      `./lab run lab3 --engine local ${short} --netem none`,
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^\.\/lab run works here: engine docker, driver tc; --engine local works/,
      ),
    );
    expect(lines).toContainEqual(expect.stringMatching(`^engine local, ${tc}$`));
    expect(lines.filter((line) => /^status/.test(line))).toEqual(["status 0", "status 0"]);
  });

  test("on a lab that is up, a script's run takes tun, and the next one tc again", async () => {
    const lines = await lab(
      rig(),
      "./lab up lab3 --engine local --netem none",
      "./lab netem set lab3 --script 'lose 1'",
      `./lab run lab3 ${short} --script 'lose 2'`,
      "./lab netem show lab3",
      `./lab run lab3 ${short} --script ''`,
      "./lab netem show lab3",
      "./lab down lab3",
    );
    const told = lines.filter((line) => /driver|script|^status/.test(line) && !/^again/.test(line));
    const expected = [
      `^lab3 is up: .*, ${tc}$`,
      "^status 0$",
      // No run changes its driver.
      "^lab: Begin a run with the script ",
      "^status 2$",
      `^engine local, ${scripted}$`,
      "2 {2}lost on the way to the server \\(by the script\\)",
      ".*✗ lost \\(script\\)",
      "^status \\d$",
      `^lab3  ${scripted}, congestion control reno$`,
      "script lose 2$",
      "^status 0$",
      `^engine local, ${tc}$`,
      "^status 0$",
      `^lab3  ${tc}, congestion control reno$`,
      "^status 0$",
      "^status 0$",
    ];
    expect(told).toEqual(expected.map((line) => expect.stringMatching(line)));
  });

  test("no tun device is needed but for a script", async () => {
    const within = "unshare --mount sh -c 'mount -t tmpfs none /dev/net; exec \"$@\"' -";
    const lines = await lab(
      rig(),
      `${within} ./lab run lab3 --engine local ${short} --netem none`,
      `${within} ./lab run lab3 --engine local ${short} --script 'lose 1'`,
    );
    expect(lines).toContainEqual(expect.stringMatching(`^engine local, ${tc}$`));
    expect(lines).toContain("3 packets transmitted, 3 received, 0% packet loss");
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^lab: Load the tun module .*: there is no \/dev\/net\/tun, and the kernel's netem follows no script$/,
      ),
    );
    expect(lines.filter((line) => /^status/.test(line))).toEqual(["status 0", "status 3"]);
  });
});

describe.skipIf(noRig !== "")(`where the kernel's netem passes seeds over ${noRig}`, () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.start({ kernel: "6.1", docker: false });
  }, 300_000);
  afterAll(async () => await rig?.[Symbol.asyncDispose]());
  const reason = "the netem of kernel 6\\.1[.\\d]* ignores seeds, 6\\.6 or later takes them";

  test("a run takes tun, and says why", async () => {
    const lines = await lab(rig, "./lab doctor", `./lab run lab3 ${short} --netem none`);
    expect(lines).toContainEqual(
      expect.stringMatching(`^./lab run works here: engine local, driver tun \\(${reason}\\)$`),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(`^engine local, driver tun \\(${reason}\\)$`),
    );
  });

  test("told to take tc, it goes without a drawn seed and says so; a written one is refused", async () => {
    const lines = await lab(
      rig,
      `./lab run lab3 ${short} --netem 'delay 5ms loss 1%' --driver tc`,
      `./lab run lab3 ${short} --netem 'delay 5ms' --driver tc --seed 5`,
      `./lab up lab3 --netem 'delay 5ms seed 5' --driver tc`,
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        `^engine local, driver tc \\(kernel 6\\.1[.\\d]*, iproute2 [.\\d]+; not to be repeated: ${reason}\\)$`,
      ),
    );
    expect(lines).toContain("to the server   delay 5ms loss 1%");
    expect(lines).toContainEqual(
      expect.stringMatching(`^seed {7}none; not to be repeated: ${reason}$`),
    );
    const refused = `^lab: Use --driver tun, or leave out the seed: ${reason}$`;
    expect(lines.filter((line) => new RegExp(refused).test(line))).toHaveLength(2);
    expect(lines.filter((line) => /^status/.test(line)).slice(1)).toEqual(["status 2", "status 2"]);
  });
});
