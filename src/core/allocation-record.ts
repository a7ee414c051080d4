/** What a report shows of how weights came about: the decisions of a run, and the same run under other methods. */

/** How the weights of a run came about: one entry a decision, D in all. */
export interface AllocationRecord {
  /** [D] bars of the decisions, ascending. */
  readonly bars: Int32Array;
  /** [D] 0 where there was no answer and no last plan to keep. */
  readonly decided: Uint8Array;
  /** Method each plan is by; "previous" where the last one was kept. */
  readonly methods: readonly string[];
  /** [D] sum |w - w_prev| against the last plan as the market left it; NaN for the first. */
  readonly turnover: Float64Array;
  /** [D] 1 / sum of squared weight shares. */
  readonly effectiveNumber: Float64Array;
  /** [D] exposure a volatility target asks for; 1 without one. */
  readonly scale: Float64Array;
  /** [D] exposure the method recommends; 1 where it has no opinion. */
  readonly leverage: Float64Array;
  /** [D*N] share of the plan's volatility, sums to 1; NaN = took no part. */
  readonly riskShares: Float64Array;
  /** What did not go as asked: cuts, fallbacks, constraints that could not be met. */
  readonly events: readonly { readonly bar: number; readonly kind: string; readonly detail: string }[];
}

/** The same experiment under another weighting method. */
export interface ComparedMethod {
  readonly label: string;
  /** [T] as in Account. */
  readonly equity: Float64Array;
  /** Metric key -> value. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly decisions: number;
  /** Decisions the method answered itself. */
  readonly answered: number;
}
