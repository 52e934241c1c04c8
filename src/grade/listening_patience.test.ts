import { describe, expect, test } from "vitest";
import { ListeningPatience } from "./listening_patience.ts";

const server = { command: ["deno", "run", "server.ts"] };

describe("ListeningPatience", () => {
  test("is long twice, and short once a server has not come to listen twice", () => {
    const place = {};
    const patience = [1, 2, 3, 4].map(() => {
      const one = new ListeningPatience(place, server);
      one.inVain();
      return one;
    });
    expect(patience.at(-1)!.ms).toBe(5000);
    expect(new ListeningPatience({}, server).ms).toBe(20_000);
    expect(new ListeningPatience(place, { command: ["deno", "run", "server_once.ts"] }).ms)
      .toBe(20_000);
  });

  test("is long for the second time", () => {
    const place = {};
    new ListeningPatience(place, server).inVain();
    expect(new ListeningPatience(place, server).ms).toBe(20_000);
  });

  test("is long again for a server that has come to listen", () => {
    const place = {};
    for (let i = 0; i < 3; i++) new ListeningPatience(place, server).inVain();
    new ListeningPatience(place, server).rewarded();
    new ListeningPatience(place, server).inVain();
    expect(new ListeningPatience(place, server).ms).toBe(20_000);
  });
});
