/** Heatmap of monthly returns, year by month, values printed; colour is centred at zero. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import type { YearlyReturns } from "../../metrics/monthly.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatPercent, monthName, plural } from "../number-format.ts";
import { significant } from "../sampling.ts";
import { calendarReturns } from "../series.ts";
import { divergingGround, divergingText, tone } from "../theme.ts";
import { colourReach, colourStep, MIDDLE_STEP, stepColour } from "./diverging-cells.ts";

interface Cell {
  readonly year: number;
  /** 1 to 12; 13 holds the whole year. */
  readonly month: number;
  readonly value: number;
  readonly label: string;
}

/** No month within ±0.5% has full colour. */
const LEAST_REACH = 0.005;
const WHOLE_YEAR = 13;
const ROW_PX = 28;

/** Months without a return have no cell. @returns null when there is no month at all */
export function monthlyChart(record: RunRecord): Chart | null {
  const years = calendarReturns(record.account);
  const months = years.flatMap(monthCells);
  if (months.length === 0) return null;
  const totals = years.filter(({ total }) => total === total).map(yearCell);
  const reach = colourReach(
    months.map(({ value }) => value),
    LEAST_REACH,
  );
  const best = months.reduce((a, b) => (b.value > a.value ? b : a));
  const worst = months.reduce((a, b) => (b.value < a.value ? b : a));
  const gained = months.filter((month) => month.value > 0).length;
  const named = (month: Cell): string => `${formatPercent(month.value)} in ${month.label}`;
  const cells = [...months, ...totals];
  return {
    id: "monthly",
    title: "Monthly returns",
    description:
      `Heatmap of ${plural(months.length, "monthly return")} of ${record.label}; ` +
      `best ${named(best)}, worst ${named(worst)}.`,
    caption:
      `Percent, compounded close to close: blue gains, orange losses, full colour from ±${formatPercent(reach)}. ` +
      `${gained} of ${plural(months.length, "month")} gained; best ${named(best)}, worst ${named(worst)}.`,
    legend: [],
    columns: {
      year: cells.map((cell) => String(cell.year)),
      month: cells.map((cell) => cell.month),
      value: cells.map((cell) => significant(cell.value, 6)),
      step: cells.map((cell) => (cell.month === WHOLE_YEAR ? MIDDLE_STEP : colourStep(cell.value, reach))),
      label: cells.map((cell) => cell.label),
    },
    views: singleView(spec(new Set(cells.map((cell) => cell.year)).size)),
    readout: {
      by: "mark",
      title: { field: "label", label: "", style: "text" },
      fields: [{ field: "value", label: record.label, style: "percent" }],
    },
  };
}

function monthCells({ year, months }: YearlyReturns): Cell[] {
  return months
    .map(({ value, partial }, m) => ({
      year,
      month: m + 1,
      value,
      label: `${monthName(m + 1)} ${year}${partial ? " (partial)" : ""}`,
    }))
    .filter(({ value }) => value === value);
}

function yearCell({ year, total, partial }: YearlyReturns): Cell {
  return { year, month: WHOLE_YEAR, value: total, label: `${year}${partial ? " (partial)" : ""}` };
}

const PRINTED_VALUE = { expr: "format(datum.value * 100, width < 480 ? '.0f' : '.1f')" };

function spec(years: number): TopLevelSpec {
  return {
    data: ROWS,
    height: ROW_PX * years,
    encoding: {
      x: {
        field: "month",
        type: "ordinal",
        scale: { domain: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, WHOLE_YEAR], paddingInner: 0.04, paddingOuter: 0 },
        axis: {
          orient: "top",
          domain: false,
          ticks: false,
          labelAngle: 0,
          labelFlush: false,
          labelExpr:
            "datum.value === 13 ? (width < 480 ? 'Yr' : 'Year') : slice(monthAbbrevFormat(datum.value - 1), 0, width < 480 ? 1 : 3)",
        },
      },
      y: {
        field: "year",
        type: "ordinal",
        scale: { paddingInner: 0.08, paddingOuter: 0 },
        axis: { domain: false, ticks: false, minExtent: 34 },
      },
    },
    layer: [
      {
        transform: [{ filter: `datum.month < ${WHOLE_YEAR}` }],
        mark: { type: "rect", cornerRadius: 2 },
        encoding: { color: stepColour(divergingGround) },
      },
      {
        transform: [{ filter: `datum.month < ${WHOLE_YEAR}` }],
        mark: { type: "text", fontSize: { expr: "width < 480 ? 9 : 11" }, text: PRINTED_VALUE },
        encoding: { color: stepColour(divergingText) },
      },
      {
        transform: [{ filter: `datum.month === ${WHOLE_YEAR}` }],
        mark: {
          type: "text",
          fontSize: { expr: "width < 480 ? 9 : 11" },
          fontWeight: "bold",
          text: PRINTED_VALUE,
          color: tone("ink"),
        },
      },
    ],
    resolve: { scale: { color: "independent" } },
  } as unknown as TopLevelSpec;
}
