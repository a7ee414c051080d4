/** A market in memory: price panels of one file or generator, checked, with the account of their quality and the
 *  hash by which results refer to them. Nothing is filled, and nothing changed unless `repair` says so. */
import type { DataQuality } from "../core/data-quality.ts";
import { InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { formatTime, inferPeriodsPerYear, parseTimeRange } from "./calendar.ts";
import { readMarketCsv } from "./csv-source.ts";
import { hashMarket } from "./market-hash.ts";
import { scatterRows } from "./market-panels.ts";
import { type RepairMode, settleRows } from "./market-repair.ts";
import type { MarketRows } from "./market-rows.ts";
import { readMarketParquet } from "./parquet-source.ts";
import { describeQuality, type MarketFacts } from "./quality.ts";
import { openTableFile } from "./table-file.ts";

export interface MarketOptions {
  /** Long .csv, .csv.gz or .parquet: date, symbol, open, high, low, close[, volume, ...]. */
  readonly path: string;
  /** Keep these only; all when left out. The axes are sorted either way. */
  readonly symbols?: readonly string[] | undefined;
  /** ISO dates or timestamps, both inclusive; a bare `end` date keeps its whole day. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** drop leaves broken rows out, clip widens low and high around open and close; without it they are an error. */
  readonly repair?: RepairMode | undefined;
  /** Inferred from the bars when left out. */
  readonly periodsPerYear?: number | undefined;
  /** An asset counts as delisted when at least this many bars without a price run to the end. */
  readonly delistAfterBars: number;
  /** report lists rows whose low and high do not enclose open and close instead of refusing them; default refuse. */
  readonly ohlcViolations?: "refuse" | "report" | undefined;
}

export interface Market {
  readonly ohlcv: Ohlcv;
  readonly quality: DataQuality;
  /** Of axes and planes alone: the same numbers hash alike from any file, in any row order. */
  readonly dataHash: string;
  readonly periodsPerYear: number;
  /** Generated, not observed. */
  readonly synthetic: boolean;
}

/**
 * Reads, checks and places a long table.
 *
 * @throws InputError with up to five faults, each naming file, line (Parquet: row), symbol and value
 */
export async function loadMarket(options: MarketOptions): Promise<Market> {
  const range = parseTimeRange(options.start, options.end);
  if (options.symbols?.length === 0) throw InputError.of({ where: "symbols", rule: "must name at least one symbol" });
  const file = await openTableFile(options.path);
  const filter = { symbols: options.symbols === undefined ? undefined : new Set(options.symbols), ...range };
  const rows = await (file.format === "parquet" ? readMarketParquet(file, filter) : readMarketCsv(file, filter));
  await refuseUnknownSymbols(rows, filter.symbols);
  if (rows.count === 0 && rows.faults.length === 0) await refuseEmptySelection(rows, options);
  const { placement, repairs, violations } = await settleRows(rows, {
    repair: options.repair,
    ohlcViolations: options.ohlcViolations ?? "refuse",
  });
  if (placement.axes.assets.length === 0)
    throw InputError.of({ where: file.name, rule: `no row is left after dropping ${repairs.dropped}` });
  const absent = [...(filter.symbols ?? [])].filter((symbol) => !placement.axes.assets.includes(symbol)).sort();
  return describeMarket(scatterRows(rows, placement), {
    source: file.name,
    rows: rows.count,
    synthetic: false,
    delistAfterBars: options.delistAfterBars,
    periodsPerYear: options.periodsPerYear,
    repairs,
    ohlcViolations: violations,
    notes: [...rows.notes, ...absent.map((symbol) => `${symbol} has no rows in the selected range and was left out`)],
  });
}

/** Quality table, hash and calendar of panels in memory; pure. */
export function describeMarket(ohlcv: Ohlcv, facts: MarketFacts): Market {
  const periodsPerYear = facts.periodsPerYear ?? inferPeriodsPerYear(ohlcv.axes.time);
  return {
    ohlcv,
    quality: describeQuality(ohlcv, { ...facts, periodsPerYear }),
    dataHash: hashMarket(ohlcv),
    periodsPerYear,
    synthetic: facts.synthetic,
  };
}

async function refuseUnknownSymbols(rows: MarketRows, wanted: ReadonlySet<string> | undefined): Promise<void> {
  if (wanted === undefined) return;
  const loaded = new Set(rows.symbols);
  if ([...wanted].every((symbol) => loaded.has(symbol))) return;
  const known = await rows.symbolsSeen();
  const unknown = [...wanted].filter((symbol) => !known.has(symbol));
  if (unknown.length === 0) return;
  throw new InputError(
    unknown.map((symbol) => ({
      where: "symbols",
      rule: `${rows.source} has no such symbol`,
      got: symbol,
      suggestion: nearestName(symbol, known),
    })),
  );
}

async function refuseEmptySelection(rows: MarketRows, options: MarketOptions): Promise<never> {
  const [first, last] = await rows.timesSeen();
  if (first !== first) throw InputError.of({ where: rows.source, rule: "has a header but no rows" });
  const span = `${options.start ?? "the beginning"} to ${options.end ?? "the end"}`;
  const chosen = options.symbols === undefined ? "" : ` of ${options.symbols.slice(0, 5).join(", ")}`;
  throw InputError.of({
    where: rows.source,
    rule: `no rows${chosen} from ${span}; the file runs from ${formatTime(first)} to ${formatTime(last)}`,
  });
}
