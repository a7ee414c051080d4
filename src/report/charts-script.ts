/** Where the script inside the reports comes from. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The same file from src/report and from dist/report. */
const BUILT = new URL("../../dist/assets/charts.js", import.meta.url);

/**
 * Source of the browser bundle that `npm run build` leaves behind.
 *
 * @throws Error naming the file and the remedy when it is not there
 */
export async function readChartsScript(location: URL = BUILT): Promise<string> {
  try {
    return await readFile(location, "utf8");
  } catch (cause) {
    throw new Error(`${fileURLToPath(location)}: the charts script of the reports is missing, run "npm run build"`, {
      cause,
    });
  }
}
