/** Equity of several weighting methods. */
import type { RunRecord } from "../../core/contracts.ts";
import type { Chart } from "../chart.ts";
import { equityLinesChart } from "./equity-lines.ts";

/** @returns null when there is nothing to compare */
export function comparisonChart({ comparison, account }: RunRecord): Chart | null {
  const words = { id: "comparison", title: "Equity by method", nouns: "weighting methods" };
  return equityLinesChart(comparison, account.axes.time, words);
}
