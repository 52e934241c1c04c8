/** Which driver runs take on a kernel whose netem follows seeds. */
import { expect, test } from "vitest";
import { describeKernel } from "./rig/describe_kernel.ts";
import { lab } from "./rig_lab.ts";

const short = "--count 3 --interval 10";
const tc = "driver tc \\(kernel 6\\.12[.\\d]*, iproute2 [.\\d]+\\)";
const scripted = "driver tun \\(the kernel's netem follows no script\\)";

describeKernel("where the kernel's netem follows seeds", (rig) => {
  test("a run in containers takes tc, and the doctor has said so", async () => {
    const lines = [
      ...await lab(rig(), "./lab doctor"),
      ...await lab(rig(), `./lab run lab3 ${short} --netem none`),
    ];
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^\.\/lab run works here: engine docker, driver tc; --engine local works/,
      ),
    );
    expect(lines).toContainEqual(expect.stringMatching(`^engine docker, ${tc}$`));
    expect(lines).toContain("3 packets transmitted, 3 received, 0% packet loss");
    expect(lines.filter((line) => /^status/.test(line))).toEqual(["status 0", "status 0"]);
  }, 240_000);

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
