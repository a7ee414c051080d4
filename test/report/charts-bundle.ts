/** The browser bundle, built fresh into a temporary folder, so that the tests need no earlier build. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleCharts } from "../../scripts/bundle-charts.ts";

export async function buildChartsScript(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ballast-charts-"));
  try {
    await bundleCharts(join(folder, "charts.js"));
    return await readFile(join(folder, "charts.js"), "utf8");
  } finally {
    await rm(folder, { recursive: true });
  }
}
