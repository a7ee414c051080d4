/** The config as it was understood, every default and inferred value written out: saved, it runs again to the same id. */
import { hashValue } from "../core/hash.ts";
import { ensembleOf } from "./ensemble-schema.ts";
import { costSettings } from "./execution-policy.ts";
import type { Extensions } from "./extensions.ts";
import { horizonAlpha } from "./l5-models.ts";
import { ATR_BARS, defaultKillSwitch } from "./portfolio-schema.ts";
import { findFile, minHistoryBars, sampleSize, signalPath, sourceOf } from "./resolve.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

/** Of a resolved config and the files that extend it: two runs are the same experiment where it is equal. */
export function configHash(resolved: unknown, extensions: Extensions["files"]): string {
  return hashValue(extensions.length === 0 ? resolved : [resolved, extensions.map(({ hash }) => hash)]);
}

/**
 * Plain data, without undefined members; files as they were found.
 *
 * @param file the experiment file
 */
export function resolvedConfig(config: ExperimentConfig, periodsPerYear: number, file: string): unknown {
  const { name, description, seed, features, ranking, asset_selector, rebalancing, benchmark, comparison, metrics } =
    config;
  const { validation, extensions } = config;
  const found = (named: string | undefined, label: string) =>
    named === undefined ? undefined : findFile(named, file, label);
  const signal = { ...config.signal, path: found(signalPath(config), "signal.path") };
  const source = sourceOf(config.data);
  const { symbols, start, end, repair } = config.data;
  const size = source === "sample" ? sampleSize(config.data) : undefined;
  const data = {
    source,
    path: found(config.data.path, "data.path"),
    symbols,
    start,
    end,
    periods_per_year: periodsPerYear,
    repair,
    sample_assets: size?.assets,
    sample_bars: size?.bars,
  };
  const block = config.allocation ?? defaultAllocation();
  const {
    method,
    lookback_bars,
    rebalance_bars,
    min_history_bars: _inferred,
    moe,
    smoothing_half_life_bars,
    ...others
  } = block;
  const allocation =
    signal.kind === "weights"
      ? undefined
      : {
          method,
          lookback_bars,
          rebalance_bars,
          min_history_bars: minHistoryBars(block),
          smoothing_half_life_bars,
          ...others,
          moe: { ...moe, posterior: found(moe.posterior, "allocation.moe.posterior") },
        };
  const portfolio = resolvedPortfolio(config.portfolio);
  return JSON.parse(
    JSON.stringify({
      name,
      description,
      seed,
      extensions: extensions?.map((path, i) => findFile(path, file, `extensions.${i}`)),
      data,
      features,
      ranking,
      l5: resolvedTraining(config),
      ensemble: ensembleOf(config),
      validation,
      signal,
      asset_selector,
      allocation,
      rebalancing,
      portfolio,
      benchmark,
      comparison,
      metrics,
    }),
  ) as unknown;
}

function resolvedTraining(config: ExperimentConfig): unknown {
  if (config.l5 === undefined) return undefined;
  // What may be inferred goes last, so that the order is the same in every rerun.
  const { alpha: _alpha, walk_forward, tune, ...l5 } = config.l5;
  const { step_bars = walk_forward.test_bars, ...others } = walk_forward;
  return { ...l5, walk_forward: { ...others, step_bars }, tune, alpha: horizonAlpha(config) };
}

/** Without the presets, whose keys are written out; scalars first, so that the order is the same in every rerun. */
function resolvedPortfolio(portfolio: ExperimentConfig["portfolio"]): unknown {
  const { preset: _preset, kill_switch, stops, margin, cost_model, ...scalars } = portfolio;
  const guarded = kill_switch ?? (scalars.system_stop_loss === null ? undefined : defaultKillSwitch());
  const atr_bars = stops?.atr_multiple === undefined ? undefined : (stops.atr_bars ?? ATR_BARS);
  const { per_asset, liquidity } = cost_model;
  return {
    ...scalars,
    kill_switch: guarded,
    stops: stops === undefined ? undefined : { ...stops, atr_bars },
    margin,
    cost_model: { ...costSettings(cost_model), per_asset, liquidity },
  };
}
