import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

test("readOptions() needs the socket alone", () => {
  expect(readOptions(["--socket", "/run/x.sock"])).toEqual({
    device: "eth0",
    socket: "/run/x.sock",
    driver: "auto",
    ownerStdin: false,
  });
});

test("readOptions() reads each option, in any order", () => {
  const args = ["--owner-stdin", "--driver", "tun", "--socket", "s", "--device", "eth1"];
  expect(readOptions(args)).toEqual({
    device: "eth1",
    socket: "s",
    driver: "tun",
    ownerStdin: true,
  });
});

test.each([
  [[], /^Say where the control socket goes/],
  [["--socket"], /^Give a value after --socket$/],
  [["--sokcet", "x"], /not --sokcet$/],
  [["--socket", "s", "--driver", "ebpf"], /^Use --driver auto, tc, tun, not ebpf$/],
])("readOptions(%j) says what to do", (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
