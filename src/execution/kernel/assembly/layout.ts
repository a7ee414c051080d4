/** What TypeScript lays out in the shared memory and the kernel reads; addresses are bytes, 0 = not there.
 *  ../records.ts writes these records field by field, in this order. */

/** One market as the kernel wants it; every plane [T*N]. */
@unmanaged
export class Market {
  bars: i32;
  assets: i32;
  /** Pairs: close / open and next open / open side by side, 1 where unlisted. */
  growth: usize;
  /** Lone configs: opens and marks with the last mark where one is missing, 1 where unlisted. */
  open: usize;
  mark: usize;
  /** 0 = has an open, k > 0 = the k-th bar without any price, -1 = no open for another reason. */
  gap: usize;
  /** [T] bytes: 1 = an asset lacks its open here or lacked it the bar before. */
  waiting: usize;
  /** Part of the way a decision goes, 0..1, no NaN. */
  fraction: usize;
  /** Funding rates, 0 for none. */
  funding: usize;
  /** [N] marks of the last bar. */
  lastMark: usize;
  /** One mask per vector of lanes: NaN in lanes that no asset fills, 0 elsewhere. */
  tail: usize;
  /** Number of the plan that an asset's decision opens, 0 = none; [T] bytes: how many open. */
  opening: usize;
  plans: usize;
  /** 1 = the drifts of a plan are summed, 0 = the largest counts; and the drift from which on it goes on. */
  summed: i32;
  gateThreshold: f64;
}

/** One config. */
@unmanaged
export class Config {
  initialCash: f64;
  threshold: f64;
  fee: f64;
  slippage: f64;
  maxLeverage: f64;
  /** Cash may fall to minus this multiple of the value under pre_cost. */
  borrowable: f64;
  delistAfter: f64;
  /** Share of the last price kept at a delisting. */
  delistKeeps: f64;
  borrowPerBar: f64;
  /** Dearest side of the dearest asset, as a fraction of the raw notional. */
  worstCost: f64;
  /** [4][N] fee, slippage, fee + slippage, fee * slippage. */
  rates: usize;
  postCost: i32;
  proRata: i32;
  mode: i32;
  /** Its Exits; read by the variants that know them. */
  exits: usize;
}

/** Stops, margin and guards of a policy; Infinity = off. */
@unmanaged
export class Exits {
  stopLoss: f64;
  takeProfit: f64;
  trailing: f64;
  atrMultiple: f64;
  initialRate: f64;
  maintenanceRate: f64;
  lossLimit: f64;
  drawdownLimit: f64;
  flatBars: f64;
  /** [T*N] NaN = missing. */
  high: usize;
  low: usize;
  atr: usize;
  /** Pairs: highest and lowest of the bar and the next open, side by side. */
  reach: usize;
  /** 1 = every open lies between its low and its high. */
  tame: i32;
}

/** A block of configs, and where its results go: planes [P*T], units [P*N], status [P]. */
@unmanaged
export class Batch {
  market: usize;
  configs: usize;
  /** [P][T][N] from config `firstWeights` on. */
  weights: usize;
  firstWeights: i32;
  equity: usize;
  turnover: usize;
  fees: usize;
  slippage: usize;
  grossExposure: usize;
  funding: usize;
  borrow: usize;
  units: usize;
  status: usize;
}

/** Bytes of one config record in the array. */
export const CONFIG_BYTES: usize = 104;

/** How much a config needs of the bar: trade at once, size after costs, or caps, cash and ties as well. */
export const AT_ONCE: i32 = 0;
export const POST_COST: i32 = 1;
export const GENERAL: i32 = 2;

/** Status of a config that only the exact path can finish; 0 otherwise. */
export const EXACT: u8 = 1;
