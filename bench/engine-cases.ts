/** What the engine benchmark measures, and how a measurement is written down. */

/** Configs, assets and bars; every bar decides for every asset. */
export const CASES = {
  W1: { configs: 1, assets: 20, bars: 2520 },
  W2: { configs: 1000, assets: 20, bars: 2520 },
  W3: { configs: 1, assets: 500, bars: 5040 },
  W4: { configs: 1, assets: 10, bars: 525_600 },
} as const;
export type CaseName = keyof typeof CASES;

/** Each is the plain policy, pre_cost with fees and slippage, with one thing changed; `cap` is post_cost under a cap, `stops`
 *  and `margin` are wide enough to be met seldom. */
export const VARIANTS = [
  "plain",
  "threshold",
  "post_cost",
  "cap",
  "asset_costs",
  "moves",
  "carry",
  "stops",
  "margin",
] as const;
export type Variant = (typeof VARIANTS)[number];

export interface EngineTiming {
  readonly case: string;
  readonly variant: Variant;
  readonly path: "kernel" | "reference";
  readonly threads: number;
  /** Median, fastest and slowest of the runs, ns per config x bar x asset. */
  readonly nsPerCell: number;
  readonly min: number;
  readonly max: number;
  /** Peak resident set of the process in mebibytes, weights and market included. */
  readonly peakMb: number;
}
