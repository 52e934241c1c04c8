import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

test("readOptions() needs the socket alone", () => {
  expect(readOptions(["--socket", "/run/x.sock"])).toEqual({
    device: "eth0",
    socket: "/run/x.sock",
    driver: "auto",
    ownerStdin: false,
    muxStdio: false,
    readyMarker: false,
  });
});

test("readOptions() reads each option, in any order", () => {
  const args = ["--owner-stdin", "--driver", "tun", "--socket", "s", "--device", "eth1"];
  expect(readOptions(args)).toEqual({
    device: "eth1",
    socket: "s",
    driver: "tun",
    ownerStdin: true,
    muxStdio: false,
    readyMarker: false,
  });
});

test("readOptions() needs no socket with --mux-stdio, which ends with its owner", () => {
  expect(readOptions(["--mux-stdio"])).toEqual({
    device: "eth0",
    driver: "auto",
    ownerStdin: true,
    muxStdio: true,
    readyMarker: false,
  });
});

test("readOptions() reads what a link in a container is told", () => {
  const args = ["--socket", "/dev/shm/link/x.sock", "--socket-group", "1000", "--ready-marker"];
  expect(readOptions(args)).toMatchObject({
    socket: "/dev/shm/link/x.sock",
    socketGroup: 1000,
    readyMarker: true,
  });
});

test.each([
  [[], /^Say where the control socket goes/],
  [["--socket"], /^Give a value after --socket$/],
  [["--sokcet", "x"], /not --sokcet$/],
  [
    ["--socket", "s", "--socket-group", "lab"],
    /^Give --socket-group the number of a group, not lab$/,
  ],
  [["--socket", "s", "--driver", "ebpf"], /^Use --driver auto, tc, tun, not ebpf$/],
])("readOptions(%j) says what to do", (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
