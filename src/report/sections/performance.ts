/** How the account fared: equity, drawdown, and the half-year behind each bar. */
import type { RunRecord } from "../../core/contracts.ts";
import { chartSection, type Section } from "../section.ts";
import { drawdownChart } from "../specs/drawdown.ts";
import { equityChart } from "../specs/equity.ts";
import { rollingSharpeChart, rollingVolatilityChart } from "../specs/rolling.ts";

/** @returns null when there is no return to draw: fewer than two bars */
export function performanceSection(record: RunRecord): Section | null {
  if (record.account.equity.length < 2) return null;
  return chartSection("performance", "Performance", [equityChart(record), drawdownChart(record)]);
}

export function rollingSection(record: RunRecord): Section | null {
  return chartSection("rolling", "Risk over time", [rollingSharpeChart(record), rollingVolatilityChart(record)]);
}
