import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import deno from "./deno.json" with { type: "json" };
import { LongestFirst } from "./scripts/test_order.ts";

const files = (rooms: string) => `${rooms}/**/*.test.ts`;
const containers = "tests/{docker,compose}";
const kernel = "tests/kernel";
const contract = "labs/*/checks.test.ts";
const busy = "tests/{labs,grade}/stability.test.ts";

/** The standard library's modules as deno.json maps them, which Vite does not read. */
const library = Object.entries(deno.imports).filter(([name]) => name.startsWith("@std/"))
  .map(([name, target]) => [name, target.replace(/^npm:([^@]+)@[^/]+/, "$1")]);

export default defineConfig({
  resolve: { alias: Object.fromEntries(library) },
  test: {
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "processes",
          // Far from what they take: a busy machine takes ten times as long.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
          // Much of it waits: for a program that never answers, for a deadline. Vitest's own number leaves one processor
          // idle.
          maxWorkers: availableParallelism() + 1,
          include: [files("{src,scripts,labs,tests}")],
          exclude: [...configDefaults.exclude, files(containers), files(kernel), busy],
        },
      },
      {
        extends: true,
        test: {
          name: "busy",
          include: [busy],
          // One after the other: each keeps all processors busy itself.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "containers",
          // The contract of labs is kept in both projects, on the engine of each.
          include: [files(containers), contract],
          env: { SOCKLAB_CONTRACT_ENGINE: "docker" },
          // After the others: what these measure and those start would be in each other's way.
          sequence: { groupOrder: 3 },
          // Half of it waits, as above; an engine does one thing after the other, whoever asks.
          maxWorkers: Math.max(2, availableParallelism()),
          // Starts of containers, not waits: a busy machine takes ten times as long.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "kernel",
          include: [files(kernel)],
          sequence: { groupOrder: 4 },
          globalSetup: ["tests/kernel/rig/shared_rig.ts"],
          // A virtual machine for each, which takes a processor and more; one that measures must not lack it.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
