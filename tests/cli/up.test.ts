/** A lab that stays up: used, looked at, changed, ended. */
import { describe, expect, test } from "vitest";
import { until } from "../link/poll.ts";
import { cannotRun, outcomes, ROOT, SHORT, type Summary, useStage } from "./lab_stage.ts";

const context = useStage();
const patience = 30_000;

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test("up, used, a second up refused, down, down again", async () => {
    const { stage } = context;
    const up = await stage.lab("up", "lab3", "--netem", "none");
    expect(up).toMatchObject({ status: 0, err: "" });
    expect(up.out).toMatch(
      /^lab3 is up: server listens on udp port 12000, driver (tc|tun) \(.+\)\n/,
    );
    expect(stage.states().length).toBe(1);

    const second = await stage.lab("up", "lab3");
    expect(second).toEqual({
      status: 2,
      out: "",
      err: "lab: End it first with ./lab down lab3: lab3 is up already\n",
    });
    const server = await stage.run(
      ...SHORT,
      "--server",
      `${ROOT}/labs/lab3-udp-uppercase/solution`,
    );
    expect(server).toMatchObject({ status: 2, out: "" });
    expect(server.err).toMatch(/^lab: End the lab with \.\/lab down lab3 to run another server: /);
    const clients = await stage.run(...SHORT, "--clients", "2");
    expect(clients).toMatchObject({ status: 2, out: "" });
    expect(clients.err).toMatch(/^lab: Give \.\/lab up lab3 --clients 2: .*1 client host/);

    for (let i = 0; i < 2; i++) {
      const run = await stage.run(...SHORT);
      expect(run).toMatchObject({ status: 0, err: "" });
      expect(run.out).toContain("on the lab that is up");
      expect(outcomes(run.out)).toEqual(["1 answered in", "2 answered in", "3 answered in"]);
      expect(stage.states().length).toBe(1);
    }
    expect(await stage.lab("down", "lab3")).toEqual({ status: 0, out: "lab3 is down\n", err: "" });
    await stage.empty(2000);
    expect((await stage.lab("down", "lab3")).out).toBe("lab3 is not up\n");
  }, patience);

  test("a run that another one displaces on the lab says so, the other one does not", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const endless = stage.start(["run", "lab3", "--out", stage.out, "--count", "1000"]);
    await endless.printed(/ 1 {2}answered/);
    expect(await stage.run(...SHORT)).toMatchObject({ status: 0, err: "" });
    endless.signal("SIGINT");
    const { out, err } = await endless.end();
    expect(err).toBe(
      "lab: Run it again by itself: another run on lab3 came in between, the link tells no more of this one\n",
    );
    expect(out).toMatch(/^--- as the link saw it until another run began ---$/m);
    await stage.lab("down", "lab3");
    await stage.empty(2000);
  }, patience);

  test("a run that has displaced another goes on when that one ends", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const quick = ["run", "lab3", "--out", stage.out, "--interval", "20", "--count"];
    const first = stage.start([...quick, "1000"]);
    await first.printed(/ 1 {2}answered/);
    const second = stage.start([...quick, "100"]);
    await second.printed(/ 1 {2}answered/);
    first.signal("SIGINT");
    await first.end();
    const { status, out, err } = await second.end();
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^client │ 100 packets transmitted, 100 received/m);
    expect(out).toMatch(/^1\d\d packets transmitted, 1\d\d received, 0% packet loss/m);
    await stage.lab("down", "lab3");
    await stage.empty(2000);
  }, patience);

  test(
    "a run under a script that an earlier one has left names it in what repeats it",
    async () => {
      const { stage } = context;
      await stage.lab("up", "lab3", "--netem", "none");
      const quick = ["--count", "3", "--interval", "10"];
      const again = ({ out }: { out: string }) => /^again +(.*)$/m.exec(out)?.[1];
      const first = await stage.run(...quick, "--script", "lose 2; down: lose 1");
      const second = await stage.run(...quick);
      expect(outcomes(second.out)).toEqual(outcomes(first.out));
      expect(again(second)).toContain(" --script 'up: lose 2; down: lose 1' ");
      await stage.lab("netem", "reset", "lab3");
      expect(again(await stage.run(...quick))).not.toContain("--script");
      await stage.lab("down", "lab3");
      await stage.empty(2000);
    },
    patience,
  );

  test("of two ups in one moment, one is up and the other says so", async () => {
    const { stage } = context;
    const results = await Promise.all([1, 2].map(() => stage.lab("up", "lab3")));
    expect(results.map(({ status }) => status).sort()).toEqual([0, 2]);
    await until(() => stage.states(), (states) => states.length === 1, 2000);
    await stage.lab("down", "lab3");
    await stage.empty(2000);
  }, patience);

  test("netem: shown, set with effect in the next packets, reset", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const quick = ["--count", "3", "--interval", "10", "--json"];
    const sent = async () => JSON.parse((await stage.run(...quick)).out) as Summary;
    expect(await sent()).toMatchObject({ sent: 3, received: 3 });

    const set = await stage.lab("netem", "set", "lab3", "--down", "loss 100%");
    expect(set).toMatchObject({ status: 0, err: "" });
    expect((await stage.lab("netem", "show", "lab3")).out).toMatch(
      /up +a perfect wire[^]*loss 100%/,
    );
    expect(await sent()).toMatchObject({
      received: 0,
      link: { up: { lost: 0 }, down: { seen: 3, lost: 3 } },
    });

    const shown = JSON.parse((await stage.lab("netem", "show", "lab3", "--json")).out) as {
      down: { profile: string };
    };
    expect(shown.down.profile).toContain("loss 100%");
    expect((await stage.lab("netem", "reset", "lab3")).out).toMatch(/down +a perfect wire/);
    expect(await sent()).toMatchObject({ received: 3 });

    for (
      const [args, message] of [
        [["set", "lab3", "loss 300%"], /100%.*column 6.*300%/],
        [["set", "lab3"], /set was given none/],
        [["show", "lab3", "loss 3%"], /Use set/],
      ] as const
    ) {
      const wrong = await stage.lab("netem", ...args);
      expect(wrong).toMatchObject({ status: 2, out: "" });
      expect(wrong.err).toMatch(message);
    }
    await stage.lab("down", "lab3");
  }, patience);

  test("netem set while a client sends changes the packets from then on", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const args = ["run", "lab3", "--out", stage.out, "--count", "1000", "--interval", "10"];
    const run = stage.start(args);
    await run.printed(/link │ +2 {2}answered/);
    await stage.lab("netem", "set", "lab3", "--up", "loss 100%");
    await run.printed(/lost on the way to the server/);
    const lost = /link │ +(\d+) {2}lost/.exec(run.out)![1]!;
    await stage.lab("netem", "reset", "lab3");
    await until(
      () => [...run.out.matchAll(/link │ +(\d+) {2}answered/g)].map((match) => Number(match[1])),
      (answered) => answered.some((n) => n > Number(lost)),
    );
    run.signal("SIGINT");
    expect((await run.end()).status).toBe(130);
    expect((await stage.lab("down", "lab3")).status).toBe(0);
    await stage.empty(2000);
  }, patience);

  test(
    "shell: at each place, with the rights that belong there and its own exit status",
    async () => {
      const { stage } = context;
      await stage.lab("up", "lab3", "--netem", "none");
      const look = "grep CapEff /proc/self/status; hostname -I 2>/dev/null; exit 7\n";
      for (const [place, none] of [["server", true], ["client", true], ["link", false]] as const) {
        const { status, out } = await stage.start(["shell", "lab3", place], { input: look }).end();
        expect(status, place).toBe(7);
        expect(/CapEff:\s*0{16}\n/.test(out), place).toBe(none);
      }
      const ip = { input: "ip -4 -br addr show eth0\n" };
      expect((await stage.start(["shell", "lab3", "server"], ip).end()).out).toContain(
        "10.77.0.2/",
      );
      expect((await stage.start(["shell", "lab3"], ip).end()).out).toContain("10.77.0.3/");
      await stage.lab("down", "lab3");
      await stage.empty(2000);
    },
    patience,
  );

  test("logs: what the server printed and what became of packets", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    await stage.run(...SHORT, "--script", "lose 2");
    const { status, out, err } = await stage.lab("logs", "lab3");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^server │ Server listens on UDP/m);
    expect(out).toMatch(/link │ up +1 .*delivered/);
    expect(out).toMatch(/link │ up +2 .*lost \(script\)/);
    const follower = stage.start(["logs", "lab3", "-f"]);
    await follower.printed(/lost \(script\)/);
    await stage.lab("down", "lab3");
    expect((await follower.end()).status).toBe(0);
    await stage.empty(2000);
  }, patience);

  test("what a killed lab left is swept by the next start", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const [state] = stage.states();
    const { owner } = JSON.parse(Deno.readTextFileSync(`${state}/run.json`)) as {
      owner: { pid: number };
    };
    Deno.kill(owner.pid, "SIGKILL");
    await until(() => stage.processes(), (left) => left.length === 0, 2000);
    // What a machine that went down leaves: a folder whose owner is no more.
    const rest = `${stage.folder}/socklab-${Deno.uid()}/4194305-0badcafe`;
    Deno.mkdirSync(rest, { mode: 0o700 });
    const record = {
      v: 1,
      lab: "lab3",
      engine: "local",
      kind: "up",
      since: "2020-01-01T00:00:00Z",
    };
    Deno.writeTextFileSync(
      `${rest}/run.json`,
      JSON.stringify({ ...record, owner: { pid: 4194305, start: "1" }, clients: 1 }),
    );
    expect((await stage.lab("netem", "show", "lab3")).status).toBe(2);
    expect((await stage.run(...SHORT)).status).toBe(0);
    expect(stage.left()).toEqual([]);
  }, patience);
});
