/** What is odd about the data of a run, told beside every result. */

/** One asset's line of the data-quality table; times in UTC ms. */
export interface AssetQuality {
  readonly symbol: string;
  readonly first: number;
  readonly last: number;
  /** Bars with a close. */
  readonly bars: number;
  /** Listed after the first bar of the data. */
  readonly lateListing: boolean;
  /** At least `delistAfterBars` bars with neither open nor close run to the end of the data; the engine's rule. */
  readonly delisted: boolean;
  /** Bars without a close between first and last. */
  readonly missingBars: number;
  /** First bar and length of each hole between first and last. */
  readonly holes: readonly { readonly time: number; readonly bars: number }[];
  /** Bars that have a close but no open. */
  readonly missingOpens: readonly number[];
  readonly zeroVolumeBars: number;
  /** Longest run of bars with an unchanged close, at least 2; 0 when every close moved. */
  readonly longestStaleRun: number;
  readonly staleRunStart: number;
}

/** A row that breaks the OHLC rule (low <= open, close <= high). */
export interface OhlcViolation {
  readonly time: number;
  readonly symbol: string;
  /** Line of a CSV file or row of a Parquet file, from 1, header included for CSV; 0 when unknown. */
  readonly line: number;
  readonly rule: string;
  readonly value: number;
}

/** What is odd about a market file. Nothing in it was filled or changed unless `repairs` says so. */
export interface DataQuality {
  readonly source: string;
  readonly bars: number;
  readonly assets: number;
  /** Rows read. */
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly periodsPerYear: number;
  readonly perAsset: readonly AssetQuality[];
  /** Close-to-close moves beyond +-50%; `move` is the fraction. */
  readonly suspiciousMoves: readonly { readonly time: number; readonly symbol: string; readonly move: number }[];
  readonly ohlcViolations: readonly OhlcViolation[];
  /** The bar with the fewest listed assets after all early listings, and how many it has. */
  readonly thinnest: { readonly time: number; readonly assets: number };
  /** Zero cells per extra column and asset, where a zero most likely means missing. */
  readonly zeroExtras: readonly { readonly column: string; readonly symbol: string; readonly bars: number }[];
  /** Rows left out, and rows whose high or low was widened. */
  readonly repairs: { readonly mode: "none" | "drop" | "clip"; readonly dropped: number; readonly clipped: number };
  /** Sentences a reader of any result on these data should have seen (survivorship, synthetic data). */
  readonly notes: readonly string[];
}
