import { expect, test } from "vitest";
import { describeKernel } from "./rig/describe_kernel.ts";
import { ROOT } from "./rig/checkout.ts";

describeKernel("a rig", (rig) => {
  test("has Debian 13's kernel, and the time of the machine it runs on", async () => {
    expect(await rig().run("uname -r")).toMatch(/^6\.12\..*cloud-amd64\n$/);
    const seconds = Number(await rig().run("date +%s.%N"));
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(5);
  });

  test("has a netem that keeps its seed, and all that a link is made of", async () => {
    const script = `ip netns add seeded
      ip -n seeded link add ends type veth peer name other
      tc -n seeded qdisc add dev ends root netem delay 50ms loss 10% seed 7
      tc -n seeded qdisc show dev ends
      ip netns del seeded
      modprobe -a ifb sch_tbf sch_prio sch_ingress cls_u32 cls_matchall cls_flower cls_bpf act_mirred act_skbedit`;
    expect(await rig().run(script)).toMatch(/qdisc netem .* delay 50ms loss 10% seed 7/);
  });

  test("has the checkout where it is here, with a Deno that runs it", async () => {
    const version = await rig().run(`cd '${ROOT}' && deno eval 'console.log(Deno.version.deno)'`);
    expect(version.trim()).toBe(Deno.version.deno);
    expect(await rig().run(`cat '${ROOT}/deno.json'`)).toBe(
      Deno.readTextFileSync(`${ROOT}/deno.json`),
    );
    expect(await rig().run(`ls '${ROOT}/node_modules'`)).toContain("vitest");
    await rig().run(`touch '${ROOT}/out/written'; rm '${ROOT}/out/written'`);
  });

  test("has an engine that answers here, with the lab's images", async () => {
    const images = await fetch(`${rig().dockerHost.replace("tcp", "http")}/images/json`);
    const tags = (await images.json() as { RepoTags: string[] }[]).flatMap((image) =>
      image.RepoTags
    );
    expect(tags.map((tag) => tag.replace(/:.*/, "")).sort()).toEqual([
      "socklab/link",
      "socklab/programs",
      "socklab/reaper",
    ]);
  });

  test("lets nothing out", async () => {
    const { code } = await rig().exec("socat -T 3 - TCP:10.0.2.2:22,connect-timeout=3 </dev/null");
    expect(code).not.toBe(0);
  });

  test("exec() tells output from errors, passes input, and says how a script ended", async () => {
    expect(await rig().exec("cat; echo no >&2; exit 3", { stdin: "yes" }))
      .toEqual({ code: 3, stdout: "yes", stderr: "no\n" });
    expect((await rig().exec("kill -TERM $$")).code).toBe(143);
    const large = "0123456789".repeat(100_000);
    expect((await rig().exec("cat", { stdin: large })).stdout).toBe(large);
  });

  test("exec() does not wait for what a script leaves running", async () => {
    const { code } = await rig().exec("sleep 600 & echo $! >/tmp/left", { timeoutMs: 30_000 });
    expect(code).toBe(0);
    await rig().run("kill $(cat /tmp/left)");
  });

  test("exec() ends a script that takes too long, and says which", async () => {
    await expect(rig().exec("echo $$ >/tmp/late; sleep 600", { timeoutMs: 2_000 }))
      .rejects.toThrow(/within 2 s\): echo .*sleep 600/);
    await rig().run("while kill -0 $(cat /tmp/late) 2>/dev/null; do sleep 0.1; done");
  });
});
