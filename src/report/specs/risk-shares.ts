/** What each asset adds to the volatility of the planned weights, decision by decision. */
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, singleView } from "../chart.ts";
import { formatPercent } from "../number-format.ts";
import { stackedBands, stackedSpec } from "./stacked-bands.ts";

/** @returns null when weights came from a file, or there were too many assets to tell apart */
export function riskSharesChart({ allocation, account }: RunRecord): Chart | null {
  if (allocation === null || allocation.bars.length < 2) return null;
  const { axes } = account;
  const time = Float64Array.from(allocation.bars, (bar) => axes.time[bar]!);
  const stacked = stackedBands(time, allocation.riskShares, axes);
  if (stacked === null) return null;
  const { bands, columns, order, unnamed, stride } = stacked;
  const largest = allocation.riskShares.reduce((most, share) => (share > most ? share : most), 0);
  return {
    id: "risk-shares",
    title: "Risk contributions",
    description: `Stacked area chart of the shares of planned volatility of ${order.length} assets.`,
    caption:
      `Share of the planned weights' volatility, by the covariance of the decision${stride > 1 ? `, every ${stride} decisions` : ""}; ` +
      `at most ${formatPercent(largest)} in one asset.` +
      (unnamed > 0
        ? ` Assets by mean share; ${unnamed > 1 ? `the ${unnamed} smallest are` : "the smallest is"} the last band.`
        : ""),
    legend: bands.map((band) => ({ label: band.label, colour: band.colour, mark: "area" })),
    columns,
    views: singleView(stackedSpec(bands, 180)),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      omitZero: true,
      fields: bands.map((band) => ({ ...band, style: "percent" })),
    },
  };
}
