import { expect, test } from "vitest";
import { readProbe } from "./probe_script.ts";

test("readProbe() reads trials that work, that fail with a reason, and that are missing", () => {
  expect(readProbe(`entered ok
veth ok
bridge no RTNETLINK answers: Operation not supported
tun no /bin/sh: 1: ip: not found
congestion reno bbr
tc {"works":false,"reason":"this kernel has no netem"}
`)).toEqual({
    veth: { works: true },
    bridge: { works: false, reason: "RTNETLINK answers: Operation not supported" },
    tun: { works: false, reason: "/bin/sh: 1: ip: not found" },
    tc: { works: false, reason: "this kernel has no netem" },
    congestion: ["reno", "bbr"],
  });
});

test("readProbe() of a script cut short holds what is missing for failed", () => {
  expect(readProbe("entered ok\nveth ok\n")).toMatchObject({
    veth: { works: true },
    tun: { works: false, reason: "it was not answered" },
    tc: null,
    congestion: [],
  });
});

test("readProbe() of nothing is undefined: the namespaces were not made", () => {
  expect(readProbe("")).toBeUndefined();
  expect(readProbe("unshare: failed\n")).toBeUndefined();
});
