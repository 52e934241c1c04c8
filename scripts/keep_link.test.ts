import { expect, test } from "vitest";
import { linkCommand } from "../src/link/mod.ts";

test("keep_link.sh starts the link as linkCommand() would", () => {
  const text = Deno.readTextFileSync(new URL("./keep_link.sh", import.meta.url));
  const [, line = ""] = /^ {2}(deno run [^]*?) \\\n {4}2>/m.exec(text) ?? [];
  const root = new URL("..", import.meta.url).href;
  const wanted = linkCommand("deno", {
    device: "eth0",
    driver: "auto",
    socket: "/dev/shm/link/control.sock",
    socketGroup: 61000,
    ownerStdin: false,
    readyMarker: true,
  }).map((word) => word.replace(root, "/socklab/")).join(" ").replace("--device eth0 ", "");
  const words = line.replaceAll(/\s*\\\n\s*/g, " ").replaceAll('"', "")
    .replaceAll("$folder", "/dev/shm/link").replace("$1", "auto").split(" ");
  expect(words.sort()).toEqual(wanted.split(" ").sort());
});
