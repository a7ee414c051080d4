/** Rules between keys that are each valid alone. Everything here is found before any data is read. */

import { SAMPLE_LIMITS } from "../data/sample.ts";
import type { PathFault } from "./config-faults.ts";
import { endingSource, sampleSize, sourceOf } from "./resolve.ts";
import type { ExperimentConfig } from "./schema.ts";

export function combinationFaults(config: ExperimentConfig): PathFault[] {
  const faults: PathFault[] = [];
  const rule = (broken: boolean, path: PathFault["path"], text: string, got?: PathFault["got"]) => {
    if (broken) faults.push(got === undefined ? { path, rule: text } : { path, rule: text, got });
  };
  const { data, signal, allocation, benchmark } = config;
  const fromFile = data.path !== undefined;
  rule(
    data.source !== undefined && data.source !== "sample" && !fromFile,
    ["data", "source"],
    "needs a `path` to the file",
    data.source,
  );
  const ending = data.path === undefined ? undefined : endingSource(data.path);
  rule(
    data.source !== undefined && data.source !== "sample" && ending !== undefined && data.source !== ending,
    ["data", "source"],
    `is not what the ending of data.path ${data.path} says, ${ending}`,
    data.source,
  );
  rule(
    data.source === "sample" && fromFile,
    ["data", "path"],
    "has no meaning with `source: sample`, which generates its prices",
    data.path,
  );
  const sampled = sourceOf(data) === "sample";
  for (const key of ["sample_assets", "sample_bars"] as const)
    rule(
      !sampled && data[key] !== undefined,
      ["data", key],
      "is of the synthetic market, but the prices come from a file",
      data[key],
    );
  const size = sampleSize(data);
  rule(
    sampled && size.assets * size.bars > SAMPLE_LIMITS.cells,
    ["data", "sample_bars"],
    `times ${size.assets} assets is more than ${SAMPLE_LIMITS.cells} cells`,
    size.bars,
  );
  rule(
    sampled && data.repair !== undefined,
    ["data", "repair"],
    "has nothing to mend in the synthetic market",
    data.repair,
  );
  rule(
    data.start !== undefined && data.end !== undefined && data.start > data.end,
    ["data", "end"],
    `is before data.start ${data.start}`,
    data.end,
  );
  rule(
    signal.kind === "weights" && signal.path === undefined,
    ["signal", "kind"],
    "`weights` needs `signal.path`, a wide CSV of target weights",
  );
  rule(
    signal.kind !== "weights" && signal.path !== undefined,
    ["signal", "path"],
    "is read only by `kind: weights`",
    signal.path,
  );
  rule(
    signal.kind === "weights" && allocation !== undefined,
    ["allocation"],
    "has nothing to do when `signal.kind` is `weights`, which brings the weights itself",
  );
  if (allocation?.min_history_bars !== undefined)
    rule(
      allocation.min_history_bars > allocation.lookback_bars,
      ["allocation", "min_history_bars"],
      `can never be met by a lookback of ${allocation.lookback_bars} bars`,
      allocation.min_history_bars,
    );
  if (benchmark !== undefined) {
    rule(
      (benchmark.method === undefined) === (benchmark.symbol === undefined),
      ["benchmark"],
      "needs either a `method` or a `symbol`",
    );
    rule(
      benchmark.symbol !== undefined && benchmark.rebalance_bars !== undefined,
      ["benchmark", "rebalance_bars"],
      "has no meaning for one symbol bought and held",
    );
    rule(
      benchmark.symbol !== undefined && benchmark.lookback_bars !== undefined,
      ["benchmark", "lookback_bars"],
      "has no meaning for one symbol bought and held",
    );
  }
  return faults;
}
