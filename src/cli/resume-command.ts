/** The command line that goes on with a sweep that was stopped, to be copied into a shell. */
import { DEFAULT_REGISTRY } from "../experiment/registry-file.ts";
import { DEFAULT_CACHE, DEFAULT_CACHE_LIMIT } from "../experiment/stage-cache.ts";
import type { SweepCommandOptions } from "./commands/sweep.ts";

export function resumeCommand(experiment: string, options: SweepCommandOptions): string {
  const { set = [], out, workers, cache, cacheLimit, registry, holdout } = options;
  const words = ["ballast", "run", experiment, ...set.flatMap((each) => ["--set", each])];
  const add = (flag: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(flag, String(value));
  };
  add("--out", out);
  add("--workers", workers);
  if (cache !== DEFAULT_CACHE && cache !== false) add("--cache", cache);
  if (cacheLimit !== DEFAULT_CACHE_LIMIT) add("--cache-limit", `${cacheLimit}B`);
  if (registry === false) words.push("--no-registry");
  else if (registry !== DEFAULT_REGISTRY) add("--registry", registry);
  if (options.strict) words.push("--strict");
  if (holdout === true) words.push("--holdout");
  else add("--holdout", holdout);
  if (options.json) words.push("--json");
  return [...words, "--resume"].map(quoted).join(" ");
}

/** As a POSIX shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
