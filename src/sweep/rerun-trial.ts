/** One trial of a sweep once more, the way a sweep runs it: same kernel, same bars, so that it can come to the same bits. */
import { InputError } from "../core/errors.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { experimentRulesIn } from "../experiment/load-config.ts";
import type { RerunTrial } from "../experiment/reproduce.ts";
import { configHash, resolvedConfig } from "../experiment/resolved-config.ts";
import { NO_CACHE } from "../experiment/stage-cache.ts";
import { parseWithRaw } from "../experiment/strict-yaml.ts";
import { runSweep } from "./run-sweep.ts";

/**
 * @param text the trial's config as it was recorded; relative paths start at the working directory
 * @param bars rows of the data it saw: its config no longer names the holdout that its sweep kept from it
 * @throws InputError where it cannot be run any more
 */
export async function rerunTrial(text: string, bars: number | undefined): Promise<RerunTrial> {
  const file = "config.yaml";
  const rules = experimentRulesIn(file);
  const { value: own } = parseWithRaw(text, file, [], rules);
  const { raw, value } = parseWithRaw(text, file, [`sweep.grid.seed=[${own.seed}]`], rules);
  const run = (await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1, bars }))!;
  const [trial] = run.record.trials;
  const done = run.done.get(0);
  if (done === undefined) throw InputError.of({ where: file, rule: trial?.error ?? "cannot be run again" });
  const resolved = resolvedConfig(done.config, run.record.periodsPerYear, file);
  const { libraries } = codeVersion();
  return {
    metrics: trial!.metrics,
    equity: done.equity,
    provenance: {
      ...run.record.provenance,
      configHash: configHash(resolved, run.record.provenance.extensions ?? []),
      libraries,
    },
  };
}
