/** What is odd about a market: listings, holes, missing opens, moves beyond 50%, stale closes, suspicious zeros.
 *  It looks and never touches; OHLC violations come from the boundary checks, for panels may have been mended. */
import type { AssetQuality, DataQuality, OhlcViolation } from "../core/data-quality.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";

/** Close-to-close moves beyond this fraction are listed. */
const SUSPICIOUS_MOVE = 0.5;
/** Universes smaller than this say nothing about survivorship. */
const SURVIVORSHIP_ASSETS = 20;

/** What the panels cannot tell of themselves. */
export interface MarketFacts {
  /** File or generator, as reports name it. */
  readonly source: string;
  /** Rows read, repaired ones included. */
  readonly rows: number;
  readonly synthetic: boolean;
  /** Bars without open and close that end a listing, as in the execution policy. */
  readonly delistAfterBars: number;
  readonly periodsPerYear?: number | undefined;
  readonly repairs?: DataQuality["repairs"] | undefined;
  readonly ohlcViolations?: readonly OhlcViolation[] | undefined;
  readonly notes?: readonly string[] | undefined;
}

/**
 * @param ohlcv panels as results will use them
 * @param facts periodsPerYear filled in
 */
export function describeQuality(ohlcv: Ohlcv, facts: MarketFacts & { readonly periodsPerYear: number }): DataQuality {
  const { time, assets } = ohlcv.axes;
  const found = tally(ohlcv);
  const perAsset = describeAssets(ohlcv, found, facts.delistAfterBars);
  return {
    source: facts.source,
    bars: time.length,
    assets: assets.length,
    rows: facts.rows,
    first: time[0] ?? Number.NaN,
    last: time[time.length - 1] ?? Number.NaN,
    periodsPerYear: facts.periodsPerYear,
    perAsset,
    suspiciousMoves: found.moves,
    ohlcViolations: facts.ohlcViolations ?? [],
    thinnest: thinnestBar(ohlcv, found),
    zeroExtras: zeroExtras(ohlcv),
    repairs: facts.repairs ?? { mode: "none", dropped: 0, clipped: 0 },
    notes: [...notesOn(ohlcv, facts, perAsset), ...(facts.notes ?? [])],
  };
}

/** What one pass over the bars, in the order they lie in memory, gathers about each asset; bars are indices. */
interface Tally {
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Last bar with an open or a close. */
  readonly lastPrice: Int32Array;
  readonly priced: Int32Array;
  readonly zeroVolume: Int32Array;
  readonly run: Int32Array;
  readonly longestRun: Int32Array;
  readonly longestRunEnd: Int32Array;
  /** [T] assets with a close. */
  readonly pricedAt: Int32Array;
  readonly holes: { readonly asset: number; readonly from: number; readonly bars: number }[];
  readonly missingOpens: { readonly asset: number; readonly bar: number }[];
  readonly moves: { readonly time: number; readonly symbol: string; readonly move: number }[];
}

function tally(ohlcv: Ohlcv): Tally {
  const { axes } = ohlcv;
  const bars = axes.time.length;
  const width = axes.assets.length;
  const counts = (): Int32Array => new Int32Array(width);
  const found: Tally = {
    first: counts().fill(-1),
    last: counts().fill(-1),
    lastPrice: counts().fill(-1),
    priced: counts(),
    zeroVolume: counts(),
    run: counts(),
    longestRun: counts(),
    longestRunEnd: counts(),
    pricedAt: new Int32Array(bars),
    holes: [],
    missingOpens: [],
    moves: [],
  };
  const previous = new Float64Array(width).fill(Number.NaN);
  for (let t = 0; t < bars; t++) tallyBar(ohlcv, t, found, previous);
  return found;
}

/** A function of its own, called once a bar: V8 leaves an optimised inner loop anew at each turn of the outer one. */
function tallyBar({ axes, open, close, volume }: Ohlcv, t: number, found: Tally, previous: Float64Array): void {
  const { first, last, lastPrice, priced, zeroVolume, run, longestRun, longestRunEnd, pricedAt } = found;
  const width = previous.length;
  for (let n = 0; n < width; n++) {
    const at = t * width + n;
    const price = close[at]!;
    const opened = open[at]!;
    if (volume[at] === 0) zeroVolume[n]!++;
    if (price === price || opened === opened) lastPrice[n] = t;
    if (price !== price) continue;
    if (first[n]! < 0) first[n] = t;
    else if (last[n]! < t - 1) found.holes.push({ asset: n, from: last[n]! + 1, bars: t - last[n]! - 1 });
    run[n] = price === previous[n] && last[n] === t - 1 ? run[n]! + 1 : 1;
    if (run[n]! > longestRun[n]!) {
      longestRun[n] = run[n]!;
      longestRunEnd[n] = t;
    }
    const move = price / previous[n]! - 1;
    if (move > SUSPICIOUS_MOVE || move < -SUSPICIOUS_MOVE)
      found.moves.push({ time: axes.time[t]!, symbol: axes.assets[n]!, move });
    if (opened !== opened) found.missingOpens.push({ asset: n, bar: t });
    previous[n] = price;
    last[n] = t;
    priced[n]!++;
    pricedAt[t]!++;
  }
}

function describeAssets({ axes }: Ohlcv, found: Tally, delistAfterBars: number): AssetQuality[] {
  const timeAt = (t: number): number => (t < 0 ? Number.NaN : axes.time[t]!);
  const holesOf = axes.assets.map((): { time: number; bars: number }[] => []);
  for (const { asset, from, bars } of found.holes) holesOf[asset]!.push({ time: timeAt(from), bars });
  const opensOf = axes.assets.map((): number[] => []);
  for (const { asset, bar } of found.missingOpens) opensOf[asset]!.push(timeAt(bar));
  return axes.assets.map((symbol, n) => {
    const [first, last, bars] = [found.first[n]!, found.last[n]!, found.priced[n]!];
    const lastPrice = found.lastPrice[n]!;
    const stale = found.longestRun[n]! >= 2 ? found.longestRun[n]! : 0;
    return {
      symbol,
      first: timeAt(first),
      last: timeAt(last),
      bars,
      lateListing: first > 0,
      delisted: lastPrice >= 0 && axes.time.length - 1 - lastPrice >= delistAfterBars,
      missingBars: first < 0 ? 0 : last - first + 1 - bars,
      holes: holesOf[n]!,
      missingOpens: opensOf[n]!,
      zeroVolumeBars: found.zeroVolume[n]!,
      longestStaleRun: stale,
      staleRunStart: timeAt(stale === 0 ? -1 : found.longestRunEnd[n]! - stale + 1),
    };
  });
}

/** The bar on which most listed assets have no close; where none is missing anywhere, the bar with fewest assets. */
function thinnestBar({ axes }: Ohlcv, { first, last, pricedAt }: Tally): DataQuality["thinnest"] {
  const begins = new Int32Array(axes.time.length + 1);
  for (let n = 0; n < first.length; n++) {
    if (first[n]! < 0) continue;
    begins[first[n]!]!++;
    begins[last[n]! + 1]!--;
  }
  let thinnest = { time: axes.time[0] ?? Number.NaN, assets: 0 };
  let mostAbsent = -1;
  let listed = 0;
  for (let t = 0; t < axes.time.length; t++) {
    listed += begins[t]!;
    const absent = listed - pricedAt[t]!;
    if (absent < mostAbsent || (absent === mostAbsent && pricedAt[t]! >= thinnest.assets)) continue;
    thinnest = { time: axes.time[t]!, assets: pricedAt[t]! };
    mostAbsent = absent;
  }
  return thinnest;
}

/** Zeros in extras that are otherwise positive: no negative value, and more cells above zero than at it. */
function zeroExtras({ axes, extras }: Ohlcv): DataQuality["zeroExtras"] {
  const width = axes.assets.length;
  const found: { column: string; symbol: string; bars: number }[] = [];
  for (const [column, values] of extras) {
    const zeros = zerosPerAsset(values, width);
    if (zeros === undefined) continue;
    for (let n = 0; n < width; n++) if (zeros[n]! > 0) found.push({ column, symbol: axes.assets[n]!, bars: zeros[n]! });
  }
  return found;
}

function zerosPerAsset(values: Floats, width: number): Int32Array | undefined {
  const zeros = new Int32Array(width);
  let balance = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < 0) return undefined;
    if (value === 0) zeros[at % width]!++;
    balance += value > 0 ? 1 : value === 0 ? -1 : 0;
  }
  return balance > 0 ? zeros : undefined;
}

function notesOn({ axes, volume }: Ohlcv, facts: MarketFacts, perAsset: readonly AssetQuality[]): string[] {
  const notes: string[] = [];
  if (facts.synthetic) notes.push("synthetic data: these prices were generated and never traded");
  const end = axes.time[axes.time.length - 1];
  if (!facts.synthetic && perAsset.length >= SURVIVORSHIP_ASSETS && perAsset.every(({ last }) => last === end))
    notes.push(
      `survivorship bias likely: all ${perAsset.length} symbols run to the last bar, so assets that died are missing`,
    );
  const { mode, dropped, clipped } = facts.repairs ?? { mode: "none", dropped: 0, clipped: 0 };
  if (mode === "drop" && dropped > 0) notes.push(`repair: drop left out ${countOf(dropped, "row")}`);
  if (mode === "clip" && clipped > 0) notes.push(`repair: clip widened high or low of ${countOf(clipped, "row")}`);
  const silent = perAsset.filter(({ bars }) => bars === 0).map(({ symbol }) => symbol);
  if (silent.length > 0) notes.push(`no close at all: ${silent.join(", ")}`);
  if (axes.time.length > 0 && volume.every((value) => value !== value)) notes.push("no volume");
  return notes;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
