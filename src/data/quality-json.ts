/** The data-quality table as plain data, dates in place of milliseconds. */
import type { DataQuality } from "../core/data-quality.ts";
import { formatTime } from "./calendar.ts";

/** The same fields as DataQuality; every time is an ISO date, or a timestamp where it is not midnight UTC. */
export function qualityJson(quality: DataQuality): Readonly<Record<string, unknown>> {
  const dated = <Row extends { readonly time: number }>(rows: readonly Row[]) =>
    rows.map(({ time, ...rest }) => ({ date: formatTime(time), ...rest }));
  return {
    ...quality,
    first: formatTime(quality.first),
    last: formatTime(quality.last),
    perAsset: quality.perAsset.map((asset) => ({
      ...asset,
      first: formatTime(asset.first),
      last: formatTime(asset.last),
      holes: dated(asset.holes),
      missingOpens: asset.missingOpens.map((time) => formatTime(time)),
      staleRunStart: asset.longestStaleRun > 0 ? formatTime(asset.staleRunStart) : null,
    })),
    suspiciousMoves: dated(quality.suspiciousMoves),
    ohlcViolations: dated(quality.ohlcViolations),
    thinnest: { date: formatTime(quality.thinnest.time), assets: quality.thinnest.assets },
  };
}
