/** Rules between keys that are each valid alone. Everything here is found before any data is read. */

import { nearestName } from "../core/errors.ts";
import { featureName } from "../data/features/feature-name.ts";
import { SAMPLE_LIMITS } from "../data/sample.ts";
import type { PathFault } from "./config-faults.ts";
import { extensionFaults } from "./extension-faults.ts";
import type { Extensions } from "./extensions.ts";
import { type FeatureExtensions, featureSpecs } from "./feature-schema.ts";
import { rebalancingFaults } from "./rebalancing-combinations.ts";
import { endingSource, sampleSize, sourceOf } from "./resolve.ts";
import type { ExperimentConfig } from "./schema.ts";
import { selectorFaults } from "./selector-schema.ts";
import { signalFaults } from "./signal-schema.ts";
import { trainingFaults } from "./training-faults.ts";
import { weightLimitFaults } from "./weighting-schema.ts";

/** 1/3 written with six digits still allows three times equity. */
const ROUNDING = 1e-5;

export function combinationFaults(config: ExperimentConfig, extensions: Extensions): PathFault[] {
  const faults: PathFault[] = [];
  const rule: Rule = (broken, path, text, got) => {
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
  const surroundings = {
    makesScores: config.ranking !== undefined || config.l5 !== undefined,
    hasFunding: config.portfolio.funding_column !== undefined,
  };
  for (const [path, text, got] of signalFaults(signal, surroundings)) rule(true, ["signal", ...path], text, got);
  faults.push(...rankingFaults(config, extensions.features), ...trainingFaults(config, extensions.features));
  for (const [path, text, got] of config.asset_selector === undefined ? [] : selectorFaults(config.asset_selector))
    rule(true, ["asset_selector", ...path], text, got);
  rule(
    signal.kind === "weights" && allocation !== undefined,
    ["allocation"],
    "has nothing to do when `signal.kind` is `weights`, which brings the weights itself",
  );
  rule(
    signal.kind === "weights" && config.comparison !== undefined,
    ["comparison"],
    "compares weighting methods, but `signal.kind` `weights` brings the weights itself",
  );
  if (allocation !== undefined)
    for (const [path, text, got] of weightLimitFaults(allocation.constraints))
      rule(true, ["allocation", "constraints", ...path], text, got);
  const wantsRegimes = (methods: readonly string[]) =>
    methods.includes("moe") && allocation?.moe.posterior === undefined;
  rule(
    wantsRegimes([allocation?.method ?? ""]),
    ["allocation", "method"],
    "`moe` needs regime probabilities, allocation.moe.posterior",
  );
  rule(
    wantsRegimes(config.comparison?.methods ?? []),
    ["comparison", "methods"],
    "`moe` needs regime probabilities, allocation.moe.posterior",
  );
  rule(benchmark?.method === "moe", ["benchmark", "method"], "a benchmark has no regime probabilities", "moe");
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
  faults.push(...rebalancingFaults(config), ...extensionFaults(config, extensions));
  portfolioRules(config.portfolio, rule);
  return faults;
}

type Rule = (broken: boolean, path: PathFault["path"], text: string, got?: PathFault["got"]) => void;

/** What a leg weighs must be a column that the features make. */
function rankingFaults({ features = [], ranking }: ExperimentConfig, extensions: FeatureExtensions): PathFault[] {
  const columns = featureSpecs(features, extensions).map(featureName);
  return (["short", "long"] as const).flatMap((leg) =>
    Object.keys(ranking?.[leg]?.feature_weights ?? {})
      .filter((name) => !columns.includes(name))
      .map((name) => ({
        path: ["ranking", leg, "feature_weights", name],
        rule: columns.length === 0 ? "needs a `features` block that makes this column" : "is no column of `features`",
        got: name,
        suggestion: nearestName(name, columns),
      })),
  );
}

function portfolioRules(portfolio: ExperimentConfig["portfolio"], rule: Rule): void {
  const { stops, margin, kill_switch, system_stop_loss, max_leverage_cap: cap } = portfolio;
  if (stops !== undefined) {
    const { stop_loss, take_profit, trailing, atr_multiple, atr_bars } = stops;
    const none = [stop_loss, take_profit, trailing, atr_multiple].every((limit) => limit === undefined);
    rule(
      none && atr_bars === undefined,
      ["portfolio", "stops"],
      "needs at least one of `stop_loss`, `take_profit`, `trailing` and `atr_multiple`",
    );
    rule(
      atr_bars !== undefined && atr_multiple === undefined,
      ["portfolio", "stops", "atr_bars"],
      "is read only with `atr_multiple`",
      atr_bars,
    );
  }
  if (margin !== undefined) {
    const { initial, maintenance } = margin;
    rule(
      maintenance >= initial,
      ["portfolio", "margin", "maintenance"],
      `must be below margin.initial ${initial}, or every position is liquidated at its entry`,
      maintenance,
    );
    rule(
      cap * initial > 1 + ROUNDING,
      ["portfolio", "max_leverage_cap"],
      `can never be reached with margin.initial ${initial}, which allows ${Number((1 / initial).toPrecision(6))} times equity at most`,
      cap,
    );
  }
  rule(
    kill_switch !== undefined && kill_switch.drawdown === undefined && system_stop_loss === null,
    ["portfolio", "kill_switch"],
    "needs a `drawdown`, or a `system_stop_loss` beside it: nothing would set it off",
  );
}
