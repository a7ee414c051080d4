/** Writes what assembly/layout.ts declares, field by field in that order, into the shared memory. */
import { type ExecutionPolicy, leverageCap } from "../policy.ts";

/** Byte addresses in the shared memory; 0 = not there. */
export interface MarketRecord {
  readonly bars: number;
  readonly assets: number;
  readonly growth: number;
  readonly open: number;
  readonly mark: number;
  readonly gap: number;
  readonly waiting: number;
  readonly fraction: number;
  readonly funding: number;
  readonly lastMark: number;
  readonly tail: number;
  readonly opening: number;
  readonly plans: number;
  /** 1 = the drifts of a plan are summed. */
  readonly summed: number;
  readonly gateThreshold: number;
}

export interface BatchRecord {
  readonly market: number;
  readonly configs: number;
  readonly weights: number;
  readonly firstWeights: number;
  readonly equity: number;
  readonly turnover: number;
  readonly fees: number;
  readonly slippage: number;
  readonly grossExposure: number;
  readonly funding: number;
  readonly borrow: number;
  readonly units: number;
  readonly status: number;
}

export const MARKET_BYTES = 14 * 4 + 8;
export const BATCH_BYTES = 13 * 4;
export const CONFIG_BYTES = 104;
export const EXITS_BYTES = 9 * 8 + 5 * 4;

/** How much a config needs of a bar; as in assembly/layout.ts. */
export const MODES = { atOnce: 0, postCost: 1, general: 2 } as const;
export type Mode = (typeof MODES)[keyof typeof MODES];

export function writeMarket(words: DataView, at: number, record: MarketRecord): void {
  const { bars, assets, growth, open, mark, gap, waiting, fraction, funding, lastMark, tail } = record;
  const { opening, plans, summed, gateThreshold } = record;
  const planes = [growth, open, mark, gap, waiting, fraction, funding, lastMark, tail, opening, plans];
  writeWords(words, at, [bars, assets, ...planes, summed]);
  words.setFloat64(at + 14 * 4, gateThreshold, true);
}

export function writeBatch(words: DataView, at: number, record: BatchRecord): void {
  const { market, configs, weights, firstWeights, equity, turnover, fees, slippage, grossExposure } = record;
  const { funding, borrow, units, status } = record;
  const results = [equity, turnover, fees, slippage, grossExposure, funding, borrow, units, status];
  writeWords(words, at, [market, configs, weights, firstWeights, ...results]);
}

/** What a policy is to the kernel beside its own numbers. */
export interface ConfigTerms {
  /** Fractions of the notional, where one number holds for all assets. */
  readonly fee: number;
  readonly slippage: number;
  /** Cost of the dearest trade, as a fraction of its raw notional. */
  readonly worstCost: number;
  /** Address of the rates per asset. */
  readonly rates: number;
  readonly mode: Mode;
  /** Address of the exits' record. */
  readonly exits: number;
}

/** Planes that exits look at. */
export interface ExitPlanes {
  readonly high: number;
  readonly low: number;
  /** 0 = no ATR stop. */
  readonly atr: number;
  /** 0 = not for this layout. */
  readonly reach: number;
  readonly tame: boolean;
}

export function writeConfig(words: DataView, at: number, policy: ExecutionPolicy, terms: ConfigTerms): void {
  const maxLeverage = leverageCap(policy);
  const reals = [
    policy.initialCash,
    policy.rebalanceThreshold,
    terms.fee,
    terms.slippage,
    maxLeverage,
    maxLeverage < Number.POSITIVE_INFINITY ? Math.max(0, maxLeverage - 1) : 0,
    policy.delistAfterBars,
    1 - policy.delistHaircut,
    policy.costs.borrowPerBar,
    terms.worstCost,
  ];
  for (const [i, real] of reals.entries()) words.setFloat64(at + 8 * i, real, true);
  const post = policy.sizing === "post_cost" ? 1 : 0;
  const proRata = policy.cashShortfall === "pro_rata" ? 1 : 0;
  writeWords(words, at + 8 * reals.length, [terms.rates, post, proRata, terms.mode, terms.exits]);
}

export function writeExits(words: DataView, at: number, policy: ExecutionPolicy, planes: ExitPlanes): void {
  const { stops, margin, guards } = policy;
  const off = Number.POSITIVE_INFINITY;
  const reals = [
    stops?.stopLoss ?? off,
    stops?.takeProfit ?? off,
    stops?.trailing ?? off,
    stops?.atrMultiple ?? off,
    margin?.initialRate ?? off,
    margin?.maintenanceRate ?? 0,
    guards?.lossLimit ?? off,
    guards?.drawdownLimit ?? off,
    guards?.flatBars ?? off,
  ];
  for (const [i, real] of reals.entries()) words.setFloat64(at + 8 * i, real, true);
  writeWords(words, at + 8 * reals.length, [planes.high, planes.low, planes.atr, planes.reach, planes.tame ? 1 : 0]);
}

function writeWords(words: DataView, at: number, values: readonly number[]): void {
  for (const [i, value] of values.entries()) words.setUint32(at + 4 * i, value, true);
}
