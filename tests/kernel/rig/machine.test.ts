import { expect, test } from "vitest";
import { qemuCommand } from "./machine.ts";

const PLAN = {
  kernel: "/k",
  initrd: "/i",
  drives: [{ file: "/a,b" }, { file: "/data", keep: true }],
  ports: [{ host: 4000, rig: 2300 }],
  settings: { docker: "on" },
  memoryMegabytes: 512,
};

test("qemuCommand() keeps what is written to the drives that say so, alone", () => {
  const drives = qemuCommand(PLAN).filter((word) => word.startsWith("if=virtio"));
  expect(drives).toEqual([
    "if=virtio,format=raw,cache=unsafe,snapshot=on,file=/a,,b",
    "if=virtio,format=raw,cache=unsafe,file=/data",
  ]);
});

test("qemuCommand() lets nothing out, and in on this machine's loopback alone", () => {
  expect(qemuCommand(PLAN)).toContain(
    "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:4000-:2300",
  );
});
