import { configDefaults, defineConfig } from "vitest/config";

const files = (rooms: string) => `${rooms}/**/*.test.ts`;
const containers = "tests/{docker,compose}";

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "processes",
          sequence: { groupOrder: 1 },
          include: [files("{src,scripts,labs,tests}")],
          exclude: [...configDefaults.exclude, files(containers)],
        },
      },
      {
        extends: true,
        test: {
          name: "containers",
          include: [files(containers)],
          // After the others: what these measure and those start would be in each other's way.
          sequence: { groupOrder: 2 },
          // An engine does one thing after the other, whoever asks.
          maxWorkers: 2,
          // Starts of containers, not waits: a busy machine takes ten times as long.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
