/** What each stage of a trial depends on, as one hash a stage: trials with the same key share the stage's result. */
import { builtInWeighting } from "../allocation/methods/catalogue.ts";
import { hashFloats, hashValue } from "../core/hash.ts";
import { codeVersion } from "../experiment/code-version.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { defaultAllocation, type ExperimentConfig } from "../experiment/schema.ts";
import { selectorPolicy } from "../experiment/selector-policy.ts";

/** In order of the pipeline; "" where the trial has no such stage. */
export interface StageKeys {
  readonly scores: string;
  readonly signal: string;
  readonly score_panels: string;
  readonly selection: string;
  readonly allocation: string;
  readonly rebalancing: string;
  readonly trial: string;
}

export const STAGES = ["scores", "signal", "score_panels", "selection", "allocation", "rebalancing", "trial"] as const;

/** What all trials have in common, hashed once. */
export interface KeyGround {
  readonly periodsPerYear: number;
  /** Of code, extensions, prices and their bars: any change of the source changes every key. */
  readonly hash: string;
  /** Of what files bring; null without one. */
  readonly file: string | null;
  readonly regimes: string | null;
}

/** @param dataHash of the market */
export function keyGround(dataHash: string, inputs: DecisionInputs): KeyGround {
  const { market, periodsPerYear, fromFile, posterior, extensions } = inputs;
  return {
    periodsPerYear,
    hash: hashValue([codeVersion().codeHash, extensions.hash, dataHash, market.axes.time.length, periodsPerYear]),
    file: fromFile === null ? null : hashFloats([["file", fromFile]]),
    regimes: posterior === null ? null : hashFloats([["posterior", posterior.values]]),
  };
}

export function stageKeys(config: ExperimentConfig, ground: KeyGround): StageKeys {
  const { periodsPerYear, file, regimes } = ground;
  const key = (stage: string, ...parts: readonly unknown[]) =>
    hashValue([stage, ground.hash, ...parts.map((part) => part ?? null)]);
  const { features, ranking, l5, ensemble, validation, seed, signal } = config;
  const { portfolio, rebalancing, benchmark, metrics } = config;
  const scores = key("scores", features, ranking, l5, ensemble, validation, seed, file, portfolio.funding_column);
  const strength = key("signal", scores, signal);
  const selector = selectorPolicy(config.asset_selector, periodsPerYear);
  const panels = selector === null ? "" : key("score_panels", selector.scoring);
  const selection = selector === null ? "" : key("selection", panels, selector);
  const block = config.allocation ?? defaultAllocation();
  const weights = signal.kind === "weights" ? null : whatIsRead(block);
  const allocation = key("allocation", strength, selection, weights, metrics.risk_free, regimes);
  const schedule = rebalancing === undefined ? "" : key("rebalancing", allocation, rebalancing);
  return {
    scores,
    signal: strength,
    score_panels: panels,
    selection,
    allocation,
    rebalancing: schedule,
    trial: key(
      "trial",
      allocation,
      schedule,
      portfolio,
      metrics,
      benchmark,
      benchmark && [block.lookback_bars, block.rebalance_bars],
    ),
  };
}

/** Of what the trial trades: trials with the same one decide alike. */
export function decisionsKey({ allocation, rebalancing }: StageKeys): string {
  return rebalancing === "" ? allocation : rebalancing;
}

/** What people and tables call the trial by; "" where it is invalid. */
export function trialId(keys: StageKeys | null): string {
  return keys?.trial.slice(0, 12) ?? "";
}

/** The block without keys that its method does not look at: what they are makes no difference. */
function whatIsRead(block: NonNullable<ExperimentConfig["allocation"]>): unknown {
  const { constraints, risk_parity } = block;
  const looksBack =
    // a method of an extension may look at anything
    builtInWeighting(block.method)?.usesHistory !== false ||
    constraints.max_dd !== undefined ||
    constraints.max_var_es !== undefined ||
    risk_parity.vol_target !== undefined;
  if (looksBack) return block;
  const { lookback_bars: _lookback, min_history_bars: _history, ...rest } = block;
  return rest;
}
