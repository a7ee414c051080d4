/** Which state the selector had each asset in, one row an asset, bar by bar. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { NOT_LISTED, SELECTOR_STATES, type SelectionRecord } from "../../core/selection-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatPercent, formatWhole, plural } from "../number-format.ts";
import { endTime, NO_CODE, runsOf } from "../runs.ts";
import { stateTone } from "../theme.ts";
import { ASSET_AXIS, TIME_X } from "./time-series.ts";

const ASSETS_SHOWN = 24;
const MOST_RUNS = 2000;
const ROW_PX = 17;
const ACTIVE = SELECTOR_STATES.indexOf("ACTIVE");

/** @returns null without a selector, or when no asset was ever listed */
export function selectorTimelineChart({ selection }: RunRecord): Chart | null {
  if (selection === null) return null;
  const { time, assets } = selection.axes;
  const T = time.length;
  const N = assets.length;
  const ranked = byTimeOut(selection);
  if (ranked.length === 0) return null;
  const shown = ranked.slice(0, ASSETS_SHOWN);
  const rest = ranked.slice(ASSETS_SHOWN);
  const { runs, stepBars } = runsOf(
    shown.map(({ asset }) => asset),
    T,
    (t, n) => (selection.state[t * N + n] === NOT_LISTED ? NO_CODE : selection.state[t * N + n]!),
    MOST_RUNS,
  );
  const listed = ranked.reduce((sum, asset) => sum + asset.listed, 0);
  const out = ranked.reduce((sum, asset) => sum + asset.out, 0);
  const never = ranked.filter((asset) => asset.out === 0).length;
  return {
    id: "selector-timeline",
    title: "Selector states",
    description:
      `Timeline of the selector's state of ${plural(shown.length, "asset")}, one row each; over all assets ` +
      `${formatPercent(out / listed)} of listed bars were spent out of ACTIVE.`,
    caption:
      `State after each close, longest out of ACTIVE first; blank while not listed. Over all ${plural(ranked.length, "asset")} ` +
      `${formatPercent(out / listed)} of listed bars were spent out of ACTIVE${never > 0 ? `; ${formatWhole(never)} never left it` : ""}.` +
      (rest.length > 0
        ? ` Not drawn: ${plural(rest.length, "more asset")}, each out for at most ${plural(rest[0]!.out, "bar")}; the list below has all.`
        : "") +
      (stepBars > 1 ? ` Drawn in steps of ${stepBars} bars, each in the state of most of them.` : ""),
    legend: SELECTOR_STATES.map((label, state) => ({ label, colour: stateTone(state), mark: "area" })),
    columns: {
      asset: runs.map(({ asset }) => assets[asset]!),
      state: runs.map(({ code }) => code),
      name: runs.map(({ code }) => SELECTOR_STATES[code]!),
      from: runs.map(({ fromBar }) => time[fromBar]!),
      last: runs.map(({ toBar }) => time[toBar - 1]!),
      to: runs.map(({ toBar }) => endTime(time, toBar)),
      bars: runs.map(({ fromBar, toBar }) => toBar - fromBar),
    },
    views: singleView(spec(shown.length)),
    readout: {
      by: "mark",
      title: { field: "asset", label: "", style: "text" },
      fields: [
        { field: "name", label: "state", style: "text" },
        { field: "from", label: "from", style: "date" },
        { field: "last", label: "to", style: "date" },
        { field: "bars", label: "bars", style: "count" },
      ],
    },
  };
}

interface TimeOut {
  readonly asset: number;
  readonly listed: number;
  /** Bars listed and not ACTIVE. */
  readonly out: number;
}

/** Assets that were ever listed, longest out of ACTIVE first; ties in the order of the axes. */
function byTimeOut({ axes, state }: SelectionRecord): TimeOut[] {
  const N = axes.assets.length;
  const listed = new Int32Array(N);
  const active = new Int32Array(N);
  for (let i = 0; i < state.length; i++) {
    if (state[i] !== NOT_LISTED) listed[i % N]!++;
    if (state[i] === ACTIVE) active[i % N]!++;
  }
  return Array.from(axes.assets.keys(), (asset) => ({
    asset,
    listed: listed[asset]!,
    out: listed[asset]! - active[asset]!,
  }))
    .filter((asset) => asset.listed > 0)
    .sort((a, b) => b.out - a.out || a.asset - b.asset);
}

function spec(rows: number): TopLevelSpec {
  const states = SELECTOR_STATES.map((_, state) => state);
  return {
    data: ROWS,
    height: ROW_PX * rows,
    mark: { type: "rect" },
    encoding: {
      x: { ...TIME_X, field: "from" },
      x2: { field: "to" },
      y: {
        field: "asset",
        type: "ordinal",
        sort: null,
        scale: { paddingInner: 0.25, paddingOuter: 0.1 },
        axis: ASSET_AXIS,
      },
      color: { field: "state", type: "nominal", scale: { domain: states, range: states.map(stateTone) }, legend: null },
    },
  } as unknown as TopLevelSpec;
}
