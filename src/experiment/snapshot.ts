/** Where a run stands after a close, as one text: the state of every stage, and what it belongs to. It goes on only with
 *  the experiment, the program and the past it was taken from; anything else is refused with the difference named. */
import { type Fault, InputError } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { stateFromText, stateText } from "../core/state-text.ts";
import { formatTime } from "../data/calendar.ts";
import { hashMarket } from "../data/market-hash.ts";
import { marketHead } from "../data/market-head.ts";

const FORMAT = "ballast snapshot";
/** Raised whenever the state of a stage changes its shape or its meaning. */
const VERSION = 1;
/** Differences named before the rest is only counted. */
const NAMED = 5;

/** What a snapshot must agree with. */
export interface SnapshotOwner {
  /** Resolved config, plain data. */
  readonly config: unknown;
  readonly market: Ohlcv;
}

export interface Snapshot {
  readonly format: string;
  readonly version: number;
  readonly config: unknown;
  /** Last bar done. */
  readonly bar: number;
  /** Its date, for people. */
  readonly date: string;
  /** Of the market up to that bar. */
  readonly pastHash: string;
  /** Of every stage, by its name. */
  readonly state: unknown;
}

/** @param bar last bar done */
export function snapshotText({ config, market }: SnapshotOwner, bar: number, state: unknown): string {
  const snapshot: Snapshot = {
    format: FORMAT,
    version: VERSION,
    config,
    bar,
    date: bar < 0 ? "" : formatTime(market.axes.time[bar]!),
    pastHash: pastHash(market, bar),
    state,
  };
  return stateText(snapshot);
}

/**
 * @param where names the snapshot in faults: a file, say
 * @throws InputError for text that is no snapshot, or one of another version, config or past
 */
export function readSnapshot(text: string, where: string, { config, market }: SnapshotOwner): Snapshot {
  const snapshot = parsed(text, where);
  if (snapshot.version !== VERSION)
    throw InputError.of({ where, rule: `must be a snapshot of version ${VERSION}`, got: snapshot.version });
  const differences = configDifferences(snapshot.config, config, []);
  if (differences.length > 0) throw new InputError(namedDifferences(where, differences));
  if (snapshot.bar >= market.axes.time.length)
    throw InputError.of({
      where,
      rule: `stands at bar ${snapshot.bar} (${snapshot.date}), but the data end before it, with bar ${market.axes.time.length - 1}`,
    });
  if (snapshot.pastHash !== pastHash(market, snapshot.bar))
    throw InputError.of({
      where,
      rule: `was taken on other data: prices up to ${snapshot.date} are not what they were`,
    });
  return snapshot;
}

function pastHash(market: Ohlcv, bar: number): string {
  return hashMarket(marketHead(market, bar + 1));
}

function parsed(text: string, where: string): Snapshot {
  let value: unknown;
  try {
    value = stateFromText(text);
  } catch (error) {
    throw InputError.of({ where, rule: `is no snapshot: ${(error as Error).message}` });
  }
  const snapshot = value as Partial<Snapshot> | null;
  if (typeof snapshot !== "object" || snapshot?.format !== FORMAT || typeof snapshot.bar !== "number")
    throw InputError.of({ where, rule: "is no snapshot of ballast" });
  return snapshot as Snapshot;
}

interface Difference {
  readonly path: string;
  readonly was: unknown;
  readonly is: unknown;
}

/** Every place at which two configs say something else. */
function configDifferences(was: unknown, is: unknown, path: readonly string[]): Difference[] {
  const both = [was, is].every((value) => typeof value === "object" && value !== null && !Array.isArray(value));
  if (!both) return hashValue(was ?? null) === hashValue(is ?? null) ? [] : [{ path: path.join("."), was, is }];
  const [before, after] = [was, is] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => configDifferences(before[key], after[key], [...path, key]));
}

function namedDifferences(where: string, differences: readonly Difference[]): Fault[] {
  const said = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
  const faults: Fault[] = differences.slice(0, NAMED).map(({ path, was, is }) => ({
    where,
    rule: `is of another experiment: ${path} was ${said(was)} there and is ${said(is)} here`,
  }));
  if (differences.length > NAMED)
    faults.push({ where, rule: `and differs in ${differences.length - NAMED} further places` });
  return faults;
}
