import { expect, test } from "vitest";
import { listText } from "./list.ts";
import type { Style } from "./verb.ts";

const plain = new Proxy({}, { get: () => (text: string) => text }) as Style;
const lab = {
  id: "lab3",
  title: "UDP uppercase",
  teaches: "Loss",
  transport: "udp",
  transports: ["udp"],
  programs: ["server"],
  port: 12000,
  folder: "labs/lab3-udp-uppercase",
};

test("listText() tells a lab in two lines, and names programs where there are several", () => {
  const two = {
    ...lab,
    id: "lab2",
    title: "Timestamp",
    transport: "tcp",
    transports: ["tcp", "udp"],
    programs: ["server_tcp", "server_udp"],
  };
  expect(listText([two, lab], plain)).toBe(
    "lab2  Timestamp      TCP and UDP port 12000\n      Loss\n      programs server_tcp, server_udp\n" +
      "lab3  UDP uppercase  UDP port 12000\n      Loss\n",
  );
});
