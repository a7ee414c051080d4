/** Reference numbers beside the checkout; where they are absent a suite says so in its title and is skipped. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

const shared = new URL("../../../shared/", import.meta.url);

export function sharedPath(relative: string): string {
  return fileURLToPath(new URL(relative, shared));
}

/** A describe block that needs `../shared/<relative>`; without it the body, which may read the file, is not run. */
export function describeWith(relative: string, title: string, body: () => void): void {
  if (existsSync(sharedPath(relative))) describe(title, body);
  else describe(title, () => test.skip(`skipped: ../shared/${relative} is absent`));
}

// biome-ignore lint/suspicious/noExplicitAny: oracle files are plain JSON, each test knows its own shape
export function readOracle(name: string): any {
  return JSON.parse(readFileSync(sharedPath(`oracles/${name}.json`), "utf8"));
}
