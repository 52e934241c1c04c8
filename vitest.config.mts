import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    include: ["{src,scripts,labs,tests}/**/*.test.ts"],
  },
});
