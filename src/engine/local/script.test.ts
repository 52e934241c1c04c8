import { expect, test } from "vitest";
import { fstab, setupScript } from "./script.ts";

test("fstab() covers the private folder of every testbed, behind the mounts that still read from it", () => {
  const text = fstab({ state: "/tmp/socklab-7/ab", hide: ["/tmp/socklab-7"], resolvConf: true });
  expect(text.trim().split("\n").map((line) => line.split(" ")[1])).toEqual([
    "/etc/hosts",
    "/etc/resolv.conf",
    "/tmp/socklab-7",
    "/run",
    "/proc",
  ]);
});

test("fstab() leaves folders under /run to the mount on /run", () => {
  const hide = ["/run/user/7/socklab-7"];
  const text = fstab({ state: "/run/user/7/socklab-7/ab", hide, resolvConf: false });
  expect(text.trim().split("\n").map((line) => line.split(" ")[1])).toEqual([
    "/etc/hosts",
    "/run",
    "/proc",
  ]);
});

test("fstab() escapes what would end a field", () => {
  const text = fstab({ state: "/a b\\c/ab", hide: ["/a b\\c"], resolvConf: false });
  expect(text).toContain("/a\\040b\\134c/ab/hosts /etc/hosts none bind");
  expect(text).toContain("socklab-state /a\\040b\\134c tmpfs");
});

test.each([1, 2, 5, 252])(
  "setupScript(%i) is sh that parses, with a host for each client",
  async (clients) => {
    const script = setupScript(clients);
    const { success, stderr } = await new Deno.Command("/bin/sh", { args: ["-n", "-c", script] })
      .output();
    expect(new TextDecoder().decode(stderr)).toBe("");
    expect(success).toBe(true);
    expect(script.match(/^netns add client\d+$/gm)?.length).toBe(clients);
    expect(script.match(/^address add 10\.77\.0\.\d+\/24 dev eth0$/gm)?.length).toBe(clients + 1);
  },
);
