/** A sweep from its file, for programs: loads, runs, and names file and line of whatever is wrong. Writes nothing but the
 *  cache; the registry is the command line's. */
import { InputError } from "../core/errors.ts";
import { loadWithRaw, relocated } from "../experiment/load-config.ts";
import { DEFAULT_CACHE, NO_CACHE, openStageCache } from "../experiment/stage-cache.ts";
import { runSweep, type SweepOptions, type SweepRun } from "./run-sweep.ts";

export interface SweepFileOptions
  extends Pick<SweepOptions, "workers" | "stop" | "earlierTrials" | "holdout" | "onProgress"> {
  /** `path=value`, as `--set` has them. */
  readonly overrides?: readonly string[] | undefined;
  /** Folder of finished trials, `.ballast/cache` in the working directory without it; null keeps and reuses nothing. */
  readonly cache?: string | null | undefined;
}

/**
 * @param file experiment with a `sweep` block; paths in it are looked for beside it
 * @throws InputError for anything wrong with the file, its data, or where it has no `sweep` block
 */
export async function runSweepFile(file: string, options: SweepFileOptions = {}): Promise<SweepRun> {
  const { overrides = [], cache = DEFAULT_CACHE, ...rest } = options;
  const { raw, value } = loadWithRaw(file, overrides);
  if (value.sweep === undefined)
    throw InputError.of({ where: file, rule: "has no `sweep` block: `runExperiment` runs it" });
  const kept = cache === null ? NO_CACHE : openStageCache(cache);
  const run = await runSweep(raw, value, file, { ...rest, cache: kept }).catch((error: unknown) => {
    throw error instanceof InputError ? relocated(error, file, overrides) : error;
  });
  // only a listener of the plan ends a sweep without a record
  return run!;
}
