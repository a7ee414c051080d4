import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Runs that tests start are not the user's. */
const BALLAST_REGISTRY = join(tmpdir(), "ballast-tests", `runs-${process.pid}.db`);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    env: { BALLAST_REGISTRY },
  },
});
