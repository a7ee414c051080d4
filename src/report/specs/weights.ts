/** Held weights over time as stacked areas: longs above zero, shorts below, the largest assets by name. */
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, singleView } from "../chart.ts";
import { formatPercent, plural } from "../number-format.ts";
import { stackedBands, stackedSpec } from "./stacked-bands.ts";

/** @returns null when nothing was ever held */
export function weightsChart(record: RunRecord): Chart | null {
  const { axes, heldWeights } = record.account;
  const stacked = stackedBands(axes.time, heldWeights, axes);
  if (stacked === null) return null;
  const { bands, columns, order, unnamed, stride } = stacked;
  const largest = axes.assets[order[0]!]!;
  // Like the exposure metric: the first bar holds the initial cash alone.
  const meanGross = mean(record.account.grossExposure.subarray(1));
  return {
    id: "weights",
    title: "Held weights",
    description:
      `Stacked area chart of the weights held in ${order.length} assets; the largest on average is ${largest}, ` +
      `mean gross exposure ${formatPercent(meanGross)}.`,
    caption:
      `Share of equity at the close${stride > 1 ? `, every ${stride} bars` : ""}; ` +
      `${heldWeights.some((value) => value < 0) ? "shorts lie below zero" : "the gap to 100% is cash"}. ` +
      `Mean gross exposure ${formatPercent(meanGross)}, ${plural(Math.round(meanCount(record)), "asset")} held on average.` +
      (unnamed > 0
        ? ` Assets by mean absolute weight; ${unnamed > 1 ? `the ${unnamed} smallest are` : "the smallest is"} the last band.`
        : ""),
    legend: bands.map((band) => ({ label: band.label, colour: band.colour, mark: "area" })),
    columns,
    views: singleView(stackedSpec(bands, 240)),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      omitZero: true,
      fields: bands.map((band) => ({ ...band, style: "percent" })),
    },
  };
}

/** Assets held at a bar, on average over the bars after the first. */
function meanCount(record: RunRecord): number {
  const { axes, heldWeights } = record.account;
  let held = 0;
  for (let i = axes.assets.length; i < heldWeights.length; i++) if (Math.abs(heldWeights[i]!) > 0) held++;
  return held / Math.max(1, axes.time.length - 1);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
