/** Where the Chromium is that tests of reports look at pages with. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** $BALLAST_CHROMIUM, /usr/bin/chromium or the first on PATH; null without one. */
export function findChromium(): string | null {
  const named = ["chromium", "chromium-browser", "google-chrome"];
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((dir) => named.map((name) => join(dir, name)));
  const candidates = [process.env.BALLAST_CHROMIUM ?? "", "/usr/bin/chromium", ...onPath];
  return candidates.find((path) => path !== "" && isExecutable(path)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
