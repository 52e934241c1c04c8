/** What the caller got wrong, and what the machine lacks: one line that says what to do, its exit status, nothing left. */
import { describe, expect, test } from "vitest";
import { cannotRun, ROOT, SHORT, useStage } from "./lab_stage.ts";

const context = useStage();

test.each<[string, string[], number, RegExp]>([
  ["unknown lab", ["run", "lab33"], 2, /^Name .* lab3, .*, not .lab33. \(did you mean lab3\?\)/],
  ["unknown lab, nothing near", ["up", "quux"], 2, /quux/],
  ["no lab", ["run"], 2, /LAB/],
  ["unknown engine", ["run", "lab3", "--engine", "podman"], 2, /auto, docker.* local.*podman/],
  ["unknown driver", ["run", "lab3", "--driver", "netem"], 2, /auto, tc.* tun.*netem/],
  ["unknown option", ["run", "lab3", "--sed", "7"], 2, /--seed.*--sed/],
  ["an option of another verb", ["down", "lab3", "--seed", "7"], 2, /--seed/],
  ["a script with tc", ["run", "lab3", "--driver", "tc", "--script", "lose 1"], 2, /driver tc/],
  ["wrong word", ["run", "lab3", "--netem", "delay 5ms lsos 3%"], 2, /loss.*column 11.*lsos/],
  ["wrong unit", ["run", "lab3", "--up", "delay 5parsec"], 2, /time.*column 7.*5parsec/],
  ["out of range", ["run", "lab3", "--down", "loss 120%"], 2, /100%.*column 6.*120%/],
  ["both and one", ["up", "lab3", "--netem", "none", "--up", "none"], 2, /not both/],
  ["wrong script", ["run", "lab3", "--script", "loose 4"], 2, /lose.*loose/],
  ["wrong seed", ["run", "lab3", "--seed", "-1"], 2, /--seed.*-1/],
  ["seed too large", ["run", "lab3", "--seed", "18446744073709551616"], 2, /18446744073709551615/],
  ["no count", ["run", "lab3", "--count", "0"], 2, /1.*0/],
  ["half a count", ["run", "lab3", "--count", "1.5"], 2, /--count.*1\.5/],
  ["size too large", ["run", "lab3", "--size", "70000"], 2, /65507.*70000/],
  ["no client", ["run", "lab3", "--clients", "0"], 2, /1.*0/],
  ["server missing", ["run", "lab3", "--server", "/no/such.ts"], 2, /\/no\/such\.ts/],
  ["server missing, up", ["up", "lab3", "--server", "/no/such.ts"], 2, /\/no\/such\.ts/],
  ["client missing", ["run", "lab3", "--client", "/no/such.ts"], 2, /\/no\/such\.ts/],
  ["input missing", ["run", "lab3", "--input", "/no/such.txt"], 2, /--input.*\/no\/such\.txt/],
  ["input is a folder", ["run", "lab3", "--input", "/tmp"], 2, /--input.*\/tmp/],
  ["input and count", ["run", "lab3", "--input", "-", "--count", "3"], 2, /--count/],
  ["one keyboard, two clients", ["run", "lab3", "--input", "-", "--clients", "2"], 2, /a file/],
  ["netem of a lab not up", ["netem", "show", "lab3"], 2, /\.\/lab up lab3/],
  ["shell of a lab not up", ["shell", "lab3"], 2, /\.\/lab up lab3/],
  ["logs of a lab not up", ["logs", "lab3"], 2, /\.\/lab up lab3/],
  ["unknown place", ["shell", "lab3", "router"], 2, /server, client.* link.*router/],
  ["unknown action", ["netem", "sett", "lab3"], 2, /set.*sett/],
])("%s", async (_name, args, status, message) => {
  const result = await context.stage.lab(...args);
  expect(result).toEqual({ status, out: "", err: expect.stringMatching(/^lab: .+[^.\n]\n$/) });
  expect(result.err.slice("lab: ".length)).toMatch(message);
  expect(context.stage.left()).toEqual([]);
}, 30_000);

test("down of a lab that is not up is no fault", async () => {
  expect(await context.stage.lab("down", "lab3")).toEqual({
    status: 0,
    out: "lab3 is not up\n",
    err: "",
  });
});

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  const broken = `${ROOT}/labs/lab3-udp-uppercase/broken`;
  const fixtures = `${ROOT}/tests/fixtures/programs`;

  test.each([
    [
      "does not compile",
      `${fixtures}/does-not-compile`,
      /listen.*it ended at once.*socket.*declared/,
    ],
    ["exits at once", `${fixtures}/exits-at-once`, /listen.*it ended at once \(exit status 3\)/],
    [
      "listens on the wrong port",
      `${broken}/wrong-port`,
      /^lab: Listen on udp port 12000: .*12001/,
    ],
    ["listens on 127.0.0.1 only", `${broken}/loopback-only`, /^lab: Listen on 0\.0\.0\.0: .*127/],
  ])("a server that %s", async (_name, folder, message) => {
    for (const verb of ["run", "up"]) {
      const result = await context.stage.lab(verb, "lab3", "--server", `${folder}/server.ts`);
      expect(result.status, verb).toBe(1);
      expect(result.err, verb).toMatch(message);
      expect(result.err, verb).toMatch(/^lab: [^\n]+\n$/);
      expect(context.stage.left(), verb).toEqual([]);
    }
  }, 30_000);

  test(
    "a server that never answers: the run ends, and tells where answers are missing",
    async () => {
      const server = `${broken}/never-answers/server.ts`;
      const { status, out, err } = await context.stage.run(...SHORT, "--server", server);
      expect({ status, err }).toEqual({
        status: 1,
        err: "lab: Let the server answer each request: 3 reached it, and it sent nothing back\n",
      });
      expect(out).toContain("3 packets transmitted, 0 received, 100% packet loss");
      expect(out).toMatch(/^ +link │ +1 {2}reached the server, which did not answer$/m);
      expect(context.stage.left()).toEqual([]);
    },
    30_000,
  );

  test("a server that ends during the run", async () => {
    const server = context.stage.program(
      "server.ts",
      `const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
      await socket.receive();
      console.error("the server's last words");
      Deno.exit(7);`,
    );
    const { status, out, err } = await context.stage.run(...SHORT, "--server", server);
    expect(status).toBe(1);
    expect(err).toBe("lab: Keep the server running: it ended during the run, with exit status 7\n");
    expect(out).toContain("server │ the server's last words\n");
    expect(context.stage.left()).toEqual([]);
  }, 30_000);

  test("a client that fails", async () => {
    const client = context.stage.program("client.ts", "Deno.exit(4);");
    const { status, err } = await context.stage.run("--netem", "none", "--client", client);
    expect({ status, err }).toEqual({
      status: 1,
      err: "lab: Look at what the client printed: it ended with exit status 4\n",
    });
    expect(context.stage.left()).toEqual([]);
  }, 30_000);

  test.runIf(Deno.uid() === 0)("no tun device", async () => {
    const { stage } = context;
    const within = [
      "unshare",
      "--mount",
      "sh",
      "-c",
      'mount -t tmpfs none /dev/net; exec "$@"',
      "-",
    ];
    for (const verb of ["run", "up"]) {
      const result = await stage.start([verb, "lab3", "--driver", "tun"], { within }).end();
      expect(result, verb).toEqual({
        status: 3,
        out: "",
        err: expect.stringMatching(/^lab: Load the tun module .*there is no \/dev\/net\/tun\n$/),
      });
      expect(stage.left(), verb).toEqual([]);
    }
  }, 30_000);
});
