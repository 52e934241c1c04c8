import { expect, test } from "vitest";
import { clientArguments, serverArguments, writesLogs } from "./arguments.ts";
import { findLab } from "./discover.ts";

const REPO = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const [lab3, lab5] = ["lab3", "lab5"].map((id) => findLab(REPO, id).manifest);

test("serverArguments() has the lab's port, and the folder that its server writes", () => {
  expect(serverArguments(lab3!, { logs: "/logs" })).toEqual(["--port", "12000"]);
  expect(serverArguments(lab5!, { logs: "/my logs" }))
    .toEqual(["--port", "6015", "--logs", "/my logs"]);
  expect([lab3!, lab5!].map(writesLogs)).toEqual([false, true]);
});

test("serverArguments() has the server listen on IPv6 where its address is of that", () => {
  const host = (host: string) => serverArguments(lab3!, { host, logs: "" }).slice(2);
  expect(host("10.77.0.2")).toEqual([]);
  expect(host("fd00::2")).toEqual(["--host", "::"]);
});

test("clientArguments() has what is asked, and the lab's defaults for the rest", () => {
  const args = clientArguments(lab3!, { host: "server", mode: "pinger", count: 7 });
  const value = (option: string) => args[args.indexOf(option) + 1];
  expect([value("--host"), value("--port"), value("--count")]).toEqual(["server", "12000", "7"]);
  expect(value("--interval")).toBe(String(lab3!.defaults.interval_ms));
});

test("clientArguments() refuses what is outside the lab's limits", () => {
  expect(() => clientArguments(lab3!, { host: "server", mode: "pinger", count: 0 }))
    .toThrow(/^Give --count a whole number/);
});
