/** Metrics that a file of the user's own defines: one number from an account, shown, ranked by and recorded like those
 *  of the catalogue. */
import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import { callExtension, type Extension, extensionPlace, type ParameterSchema, tagged } from "../core/extension.ts";
import type { MetricInfo } from "../core/metric-info.ts";
import type { Floats } from "../core/panel.ts";

/** What a metric is made of. [T] planes of an account marked at the closes; a return belongs to the bar it ends on. */
export interface MetricInputs {
  readonly equity: Floats;
  /** [T-1] simple returns of equity, fraction; NaN once ruined. */
  readonly returns: Floats;
  /** [T-1] of the benchmark; null without one. */
  readonly benchmarkReturns: Floats | null;
  readonly periodsPerYear: number;
  /** Annual rate, fraction. */
  readonly riskFreeAnnual: number;
  /** Notional bought plus sold over equity. */
  readonly turnover: Floats;
  /** Currency. */
  readonly fees: Floats;
  readonly slippage: Floats;
  /** Sum of |position| over equity. */
  readonly grossExposure: Floats;
}

export interface MetricExtension<Ps extends ParameterSchema = ParameterSchema>
  extends Extension<"metric", Ps>,
    Omit<MetricInfo, "key"> {
  /** One number; NaN = undefined for this account. */
  compute(inputs: MetricInputs, parameters: z.output<Ps>): number;
}

/** Metrics of extensions by name. */
export type MetricExtensions = ReadonlyMap<string, MetricExtension>;

/**
 * A metric of every run and trial of experiments that name its file under `extensions`.
 *
 * @returns the definition, frozen; export it from the file
 */
export function defineMetric<const Ps extends ParameterSchema>(
  definition: Omit<MetricExtension<Ps>, "extends" | "file">,
): MetricExtension<Ps> {
  return tagged("metric", definition);
}

/** What tables have to know of them. */
export function metricInfos(metrics: MetricExtensions): MetricInfo[] {
  return [...metrics.values()].map(({ name, label, unit, better, group, describe }) => ({
    key: name,
    label,
    unit,
    better,
    group,
    describe,
  }));
}

/** Planes of its own, so that nothing a metric does to them is in the account. */
function copied(inputs: MetricInputs): MetricInputs {
  const planes = Object.entries(inputs).map(([key, value]) => [
    key,
    ArrayBuffer.isView(value) ? (value as Float64Array).slice() : value,
  ]);
  return Object.fromEntries(planes) as MetricInputs;
}

/**
 * @param parametersOf the `metrics` block of the experiment
 * @returns name -> value
 * @throws InputError naming file and definition where one throws, or answers with no number or an infinite one
 */
export function extensionMetrics(
  metrics: MetricExtensions,
  parametersOf: Readonly<Record<string, unknown>>,
  inputs: MetricInputs,
): Record<string, number> {
  return Object.fromEntries(
    [...metrics].map(([name, metric]) => {
      const parameters = parametersOf[name] as Readonly<Record<string, unknown>>;
      const value: unknown = callExtension(metric, "compute", () =>
        metric.compute(copied(inputs), structuredClone(parameters)),
      );
      if (typeof value === "number" && Math.abs(value) !== Infinity) return [name, value];
      throw InputError.of({
        where: extensionPlace(metric),
        rule: "compute must return a number or NaN",
        got: typeof value === "number" ? value : typeof value,
      });
    }),
  );
}
