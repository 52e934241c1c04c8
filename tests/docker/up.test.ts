/** A lab that stays up in containers: used, looked at, changed, ended. */
import { expect, test } from "vitest";
import { outcomes, SHORT, type Summary } from "../cli/lab_stage.ts";
import { until } from "../link/poll.ts";
import { describeDocker } from "./engine.ts";
import { useDockerStage } from "./docker_stage.ts";

const context = useDockerStage();
const patience = 60_000;

describeDocker("a lab that is up on the docker engine", () => {
  test("is used, looked at, changed and ended as on the local one", async () => {
    const { stage } = context;
    const up = await stage.lab("up", "lab3", "--netem", "none", "--clients", "2");
    expect(up).toMatchObject({ status: 0, err: "" });
    expect(up.out).toMatch(
      /^lab3 is up: server listens on udp port 12000, driver (tc|tun) \(.+\)\n/,
    );
    const names = (await stage.containers()).map((name) => name.split("-").slice(3).join("-"));
    expect(names).toEqual(["", "client1", "client2", "link", "server"]);

    expect(await stage.lab("up", "lab3")).toEqual({
      status: 2,
      out: "",
      err: "lab: End it first with ./lab down lab3: lab3 is up already\n",
    });
    const other = await stage.lab("run", "lab3", "--engine", "local");
    expect(other).toEqual({
      status: 2,
      out: "",
      err:
        "lab: End it with ./lab down lab3, then use --engine local: lab3 is up on the docker engine\n",
    });

    for (const clients of ["1", "2"]) {
      const run = await stage.run(...SHORT, "--clients", clients);
      expect(run).toMatchObject({ status: 0, err: "" });
      expect(run.out).toContain("on the lab that is up");
      expect(run.out).toContain(` ${3 * Number(clients)} received, 0% packet loss`);
      // Only the lab's own stays.
      expect((await stage.containers()).length).toBe(5);
    }

    const quick = ["--count", "3", "--interval", "10", "--json"];
    await stage.lab("netem", "set", "lab3", "--down", "loss 100%");
    expect(JSON.parse((await stage.run(...quick)).out) as Summary).toMatchObject({
      received: 0,
      link: { up: { lost: 0 }, down: { seen: 3, lost: 3 } },
    });
    expect((await stage.lab("netem", "reset", "lab3")).out).toMatch(/down +a perfect wire/);

    const scripted = await stage.run(...SHORT, "--script", "lose 2");
    expect(outcomes(scripted.out)).toContain("2 lost on the way to the server (by the script)");
    const logs = await stage.lab("logs", "lab3");
    expect(logs.out).toMatch(/^server │ Server listens on UDP/m);
    expect(logs.out).toMatch(/link │ up +2 .*lost \(script\)/);

    const follower = stage.start(["logs", "lab3", "-f"]);
    await follower.printed(/lost \(script\)/);
    expect(await stage.lab("down", "lab3")).toEqual({ status: 0, out: "lab3 is down\n", err: "" });
    expect((await follower.end()).status).toBe(0);
    await stage.clean(2000);
  }, patience);

  test(
    "shell: at each place, with the rights that belong there and its own exit status",
    async () => {
      const { stage } = context;
      await stage.lab("up", "lab3", "--netem", "none");
      const look =
        "grep CapEff /proc/self/status; hostname; ping -c 1 -W 5 server; ss -uan; exit 7\n";
      for (
        const [place, capabilities, host] of [
          ["server", "0{16}", "server"],
          ["client", "0{16}", "client1"],
          ["link", "0{12}3000", "server"],
        ] as const
      ) {
        const { status, out } = await stage.start(["shell", "lab3", place], { input: look }).end();
        expect(status, place).toBe(7);
        expect(out, place).toMatch(new RegExp(`^CapEff:\\s*${capabilities}\n${host}\n`));
        expect(out, place).toContain("1 packets transmitted, 1 received");
        expect(out.includes(":12000"), place).toBe(place !== "client");
      }
      // What a program there does can be done by hand, with the caller's files.
      const client = stage.program("say.ts", 'console.log("by hand", Deno.args[0]);');
      const byHand = { input: `deno run ${client} now\n`, cwd: stage.folder };
      expect((await stage.start(["shell", "lab3"], byHand).end()).out).toBe("by hand now\n");
      await stage.lab("down", "lab3");
      await stage.clean(2000);
    },
    patience,
  );

  test("a server that has died is a thing to look at: the lab stays, its shell too", async () => {
    const { stage } = context;
    const server = stage.program(
      "server.ts",
      `const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
      await socket.receive();
      Deno.exit(7);`,
    );
    await stage.lab("up", "lab3", "--netem", "none", "--server", server);
    await stage.run("--count", "1", "--interval", "10");
    await until(() => stage.lab("logs", "lab3"), ({ out }) => out.includes("exit status 7"));
    const shell = stage.start(["shell", "lab3", "server"], { input: "hostname\n" });
    expect(await shell.end()).toEqual({ status: 0, out: "server\n", err: "" });
    await stage.lab("down", "lab3");
    await stage.clean(2000);
  }, patience);

  test("its keeper killed: everything goes, and verbs say that it is not up", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const [state] = stage.states();
    const { owner } = JSON.parse(Deno.readTextFileSync(`${state}/run.json`)) as {
      owner: { pid: number };
    };
    Deno.kill(owner.pid, "SIGKILL");
    await stage.clean(10_000);
    expect((await stage.lab("netem", "show", "lab3")).err).toMatch(/^lab: Start it first/);
  }, patience);

  test("a visitor killed: what it started goes, the lab stays", async () => {
    const { stage } = context;
    await stage.lab("up", "lab3", "--netem", "none");
    const lab = await stage.containers();
    const args = ["run", "lab3", "--out", stage.out, "--count", "10000", "--interval", "10"];
    const run = stage.start(args);
    await run.printed(/link │ +3 {2}answered/);
    expect((await stage.containers()).length).toBe(lab.length + 1);
    run.signal("SIGKILL");
    await run.end();
    await until(() => stage.containers(), (now) => now.length === lab.length, 10_000);
    expect(await stage.run(...SHORT)).toMatchObject({ status: 0, err: "" });
    await stage.lab("down", "lab3");
    await stage.clean(10_000);
  }, patience);
});
