import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Runs that tests start are not the user's. */
const BALLAST_REGISTRY = join(tmpdir(), "ballast-tests", `runs-${process.pid}.db`);

/** What was stripped of its types once, so that threads that tests start from source do not strip it again: Node does so by
 *  WebAssembly, and many threads at it at once have ended a whole process in V8. */
const NODE_COMPILE_CACHE = join(tmpdir(), "ballast-tests", "compile-cache");

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    env: { BALLAST_REGISTRY, NODE_COMPILE_CACHE },
  },
});
