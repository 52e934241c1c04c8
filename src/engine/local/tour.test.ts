import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRoot, runTrial, Stage } from "./trials/stage.ts";

const users = isRoot ? ["root", "an ordinary user"] : ["an ordinary user"];

describe.each(users)("a testbed of %s", (user) => {
  let stage: Stage;
  let seen: {
    driver: string;
    address: string;
    listening: boolean;
    answers: string[];
    seen: number[];
    places: Record<string, string>[];
  };

  beforeAll(async () => {
    stage = new Stage();
    const nobody = isRoot && user !== "root";
    seen = await runTrial("tour", stage, { nobody }) as typeof seen;
  }, 60_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  test("carries datagrams between the server and each client host, by name", () => {
    expect(seen.listening).toBe(true);
    expect(seen.answers).toEqual([
      "10.77.0.2: 10.77.0.3 said hello\n",
      "10.77.0.2: 10.77.0.4 said hello\n",
    ]);
    expect(seen.address).toBe("10.77.0.2");
  });

  test("leads them through the link, and nothing else", () => {
    expect(seen.seen).toEqual([2, 2]);
  });

  test("gives programs no capability, and no way to gain one", () => {
    const none = "0000000000000000";
    for (const place of seen.places) {
      expect(place).toMatchObject({
        CapInh: none,
        CapPrm: none,
        CapEff: none,
        CapBnd: none,
        CapAmb: none,
        NoNewPrivs: "1",
      });
      expect(place.down).not.toBe("0");
    }
  });

  test("hides the link's control socket from programs, and the machine's processes", () => {
    for (const place of seen.places) {
      expect(place.state).not.toBe("0");
      expect(place.first).toBe("1");
    }
  });

  test("resolves the hosts' names, and fails at once for others", () => {
    for (const place of seen.places) {
      expect(place.names?.split(" ")).toEqual(["10.77.0.2", "10.77.0.3", "10.77.0.4"]);
      expect(place.unknown).toBe("2");
    }
  });

  test("keeps its hosts quiet and their TCP plain", () => {
    for (const place of seen.places) {
      expect(place).toMatchObject({ congestion: "reno", ipv6: "0", rp_filter: "0" });
    }
  });

  test("keeps connections in a small table of their own, where the kernel can", () => {
    for (const place of seen.places) expect(place.table).toBe("8192");
  });

  test("runs programs in the folder asked for", () => {
    for (const place of seen.places) expect(place.pwd).toBe("/tmp");
  });

  test("leaves nothing", async () => {
    await stage.empty();
    expect(stage.states()).toEqual([]);
  });
});
