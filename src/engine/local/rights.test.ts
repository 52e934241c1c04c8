import { expect, test } from "vitest";
import { canBuild, programEnv } from "./rights.ts";

const passwd = "root:x:0:0:root:/root:/bin/bash\nann:x:1001:1001::/home/ann:/bin/sh\n";

test("canBuild() wants NET_ADMIN and SYS_ADMIN in effect", () => {
  const status = (bits: bigint) =>
    `Name:\tdeno\nCapPrm:\t000001ffffffffff\nCapEff:\t${bits.toString(16).padStart(16, "0")}\n`;
  expect(canBuild(status(0x1ffffffffffn))).toBe(true);
  expect(canBuild(status(1n << 12n | 1n << 21n))).toBe(true);
  expect(canBuild(status(1n << 12n))).toBe(false);
  expect(canBuild(status(0n))).toBe(false);
  expect(canBuild("")).toBe(false);
});

test("programEnv() keeps the tool's environment, and adds the folders of administrators' tools", () => {
  const own = { LANG: "C", PATH: "/opt/deno:/usr/bin", XDG_RUNTIME_DIR: "/run/user/1001" };
  expect(programEnv(own, { owner: null, passwd, extra: { LANG: "de" } })).toEqual({
    LANG: "de",
    PATH: "/opt/deno:/usr/bin:/usr/sbin:/sbin:/bin",
  });
});

test("programEnv() gives another user that user's home, and none of root's folders", () => {
  const own = { HOME: "/root", DENO_DIR: "/root/d", XDG_CACHE_HOME: "/root/c", SUDO_USER: "ann" };
  const env = programEnv(own, { owner: { uid: 1001, gid: 1001 }, passwd });
  expect(env).toEqual({
    HOME: "/home/ann",
    USER: "ann",
    LOGNAME: "ann",
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  });
});

test("programEnv() finds a folder for a user whom the machine does not know", () => {
  expect(programEnv({}, { owner: { uid: 7, gid: 7 }, passwd }).HOME).toBe("/");
});
