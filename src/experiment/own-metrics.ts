/** The metrics that extensions define, of an account or of a trial's planes, with the parameters of the experiment. */
import type { Floats } from "../core/panel.ts";
import { extensionMetrics, type MetricExtensions, type MetricInputs } from "../metrics/metric-extension.ts";
import { equityReturns } from "../metrics/returns.ts";
import type { ExperimentConfig } from "./schema.ts";

/** What of an account a metric of an extension is made of. */
export type OwnPlanes = Pick<MetricInputs, "equity" | "turnover" | "fees" | "slippage" | "grossExposure">;

/**
 * @param planes    [T] of an account
 * @param benchmark [T-1] returns of the benchmark; null without one
 * @returns name -> value; empty without extensions
 * @throws InputError naming file and definition of one that cannot be measured
 */
export function ownMetrics(
  { metrics }: ExperimentConfig,
  extensions: MetricExtensions,
  planes: OwnPlanes,
  periodsPerYear: number,
  benchmark: Floats | null,
): Readonly<Record<string, number>> {
  if (extensions.size === 0) return {};
  const { equity, turnover, fees, slippage, grossExposure } = planes;
  return extensionMetrics(extensions, metrics, {
    equity,
    returns: equityReturns(equity),
    benchmarkReturns: benchmark,
    periodsPerYear,
    riskFreeAnnual: metrics.risk_free,
    turnover,
    fees,
    slippage,
    grossExposure,
  });
}
