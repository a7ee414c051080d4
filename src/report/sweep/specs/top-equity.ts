/** Equity of the best trials of a sweep, as many as lines can be told apart. */
import type { SweepRecord } from "../../../core/sweep-record.ts";
import type { Chart } from "../../chart.ts";
import { plural } from "../../number-format.ts";
import { equityLinesChart } from "../../specs/equity-lines.ts";
import { LINE_LOOKS } from "../../specs/line-looks.ts";

/** @returns null without a best trial or with fewer than two bars */
export function topEquityChart({ best, bars }: SweepRecord): Chart | null {
  const shown = best.slice(0, LINE_LOOKS);
  const lines = shown.map(({ trial, equity }, k) => ({ label: `${k + 1}. trial ${trial}`, equity }));
  return equityLinesChart(lines, bars.time, {
    id: "top-equity",
    title: `Equity of the best ${shown.length === 1 ? "trial" : plural(shown.length, "trial")}`,
    nouns: shown.length === 1 ? "trial" : "trials",
    note: " In order of the ranking; lines that run together are one strategy under several names.",
  });
}
