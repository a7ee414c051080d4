/** The `signal` block of an experiment as the policies the signal stage runs. Annual targets become per bar. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { longOnly } from "../signal/long-only.ts";
import { positionsFromScores, type ScorePolicy } from "../signal/score-positions.ts";
import type { ScoreSelection } from "../signal/score-selection.ts";
import { extensionStrength, type SignalExtension } from "../signal/signal-extension.ts";
import { type TimeSeriesMomentumPolicy, timeSeriesMomentum } from "../signal/time-series-momentum.ts";
import type { SignalBlock } from "./signal-schema.ts";

type BlockOf<K extends SignalBlock["kind"]> = Extract<SignalBlock, { kind: K }>;

/** What a signal is made of beside the prices. */
export interface SignalFacts {
  readonly periodsPerYear: number;
  /** [T*N] on the market's axes, from a file or the experiment's own stages; null = there are none. */
  readonly scores: Floats | null;
  /** [T*N] paid by longs, fraction of notional; null = there are none. */
  readonly fundingRate: Floats | null;
  /** Column name -> [T*N]; empty without a `features` block. */
  readonly features: ReadonlyMap<string, Floats>;
  /** Signals of extensions by name. */
  readonly extensions: ReadonlyMap<string, SignalExtension>;
}

/**
 * @returns [T*N] signed strength; 0 = out, NaN = no opinion
 * @throws RangeError where the block asks for scores or funding that are not there, which `signalFaults` finds earlier
 * @throws InputError for an extension that throws or writes an infinite number
 */
export function signalStrength(
  block: Exclude<SignalBlock, { kind: "weights" }>,
  market: Ohlcv,
  { periodsPerYear, scores, fundingRate, features, extensions }: SignalFacts,
): Float64Array {
  const { axes, close } = market;
  const extension = extensions.get(block.kind);
  if (extension !== undefined) {
    const { kind: _kind, ...parameters } = block;
    const assets = axes.assets.length;
    return extensionStrength(extension, { market, assets, periodsPerYear, scores, features, fundingRate }, parameters);
  }
  switch (block.kind) {
    case "long_only":
      return longOnly(market);
    case "tsmom":
      if (block.funding_adjusted && fundingRate === null)
        throw new RangeError("signalStrength: there is no funding rate");
      return timeSeriesMomentum(
        { axes, close, fundingRate: block.funding_adjusted ? fundingRate : null },
        momentumPolicy(block, periodsPerYear),
      );
    case "scores":
      if (scores === null) throw new RangeError("signalStrength: there are no scores");
      return positionsFromScores({ axes, listed: close, scores }, scorePolicy(block));
  }
}

export function momentumPolicy(block: BlockOf<"tsmom">, periodsPerYear: number): TimeSeriesMomentumPolicy {
  return {
    lookbackBars: block.lookback_bars,
    skipBars: block.skip_bars,
    volatilityBars: block.vol_window_bars,
    volatilityTarget: block.vol_target / Math.sqrt(periodsPerYear),
    maxStrength: block.max_strength,
    side: block.side,
  };
}

export function scorePolicy({ select, side, max_age_bars }: BlockOf<"scores">): ScorePolicy {
  return { select: selection(select), side, maxAgeBars: max_age_bars ?? Number.POSITIVE_INFINITY };
}

function selection(select: BlockOf<"scores">["select"]): ScoreSelection {
  if ("top_k" in select) return { kind: "top_k", count: select.top_k };
  if ("quantile" in select) return { kind: "quantile", fraction: select.quantile };
  return { kind: "proportional", of: select.proportional };
}
