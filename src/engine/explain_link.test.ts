import { expect, test } from "vitest";
import { explain } from "./explain_link.ts";

test("explain() passes the link's own line on", () => {
  const said = "driver tun: no netem here\nLoad the tun module: there is no /dev/net/tun\n";
  expect(explain(said)).toEqual({
    message: "Load the tun module: there is no /dev/net/tun",
    machine: false,
  });
});

test("explain() takes the first line of a Deno error, not the end of its stack", () => {
  const said =
    '\x1b[0m\x1b[1m\x1b[31merror\x1b[0m: Module not found "file:///x.ts".\n    at file:///y.ts:4:80\n\nStack backtrace:\n   0: <unknown>\n';
  expect(explain(said).message).toBe('error: Module not found "file:///x.ts".');
});

test("explain() names the step that failed, with the tool's reason", () => {
  const said =
    "RTNETLINK answers: Operation not supported\nCommand failed -:2\nsocklab-setup: hub\n";
  expect(explain(said)).toEqual({
    message:
      "Run ./lab doctor: setting up the network failed (hub, RTNETLINK answers: Operation not supported)",
    machine: true,
  });
});

test("explain() names a step that failed without a word", () => {
  expect(explain("socklab-setup: proc\n").message).toBe(
    "Run ./lab doctor: setting up the network failed (proc)",
  );
});

test("explain() knows where namespaces are forbidden", () => {
  const said = "unshare: unshare failed: Operation not permitted\n";
  expect(explain(said)).toEqual({
    message:
      "Run ./lab doctor: this machine forbids namespaces (unshare: unshare failed: Operation not permitted)",
    machine: true,
  });
});

test("explain() has a line where nothing was said, or nothing but unshare's own slip", () => {
  const killed = { message: "Start again: the link ended without a word", machine: false };
  expect(explain("")).toEqual(killed);
  expect(explain("unshare: sigprocmask unblock failed: Invalid argument\n")).toEqual(killed);
});
