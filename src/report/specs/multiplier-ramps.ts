/** How the assets whose multipliers moved most were ramped down and up again, one strip an asset. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { NOT_LISTED, SELECTOR_STATES, type SelectionRecord } from "../../core/selection-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatWhole, plural } from "../number-format.ts";
import { endTime, NO_CODE, runsOf } from "../runs.ts";
import { significant } from "../sampling.ts";
import { stateTone, tone } from "../theme.ts";
import { ASSET_AXIS, TIME_X } from "./time-series.ts";

const MOST_STRIPS = 8;
/** Tried one after the other where not every step of the ramps can be drawn in so many. */
const FEWER_STRIPS: readonly number[] = [6, 4, 3];
const MOST_RUNS = 1500;
const STRIP_PX = 34;
/** Part of a strip that a multiplier of 1 fills, and one of 0, so that it is seen. */
const [FULL, NONE] = [0.82, 0.05];
const STATES = SELECTOR_STATES.map((_, state) => state);

/** @returns null without a selector, or when no multiplier ever moved */
export function multiplierRampsChart({ selection }: RunRecord): Chart | null {
  if (selection === null) return null;
  const { axes, state, k, rampSteps } = selection;
  const { time, assets } = axes;
  const N = assets.length;
  const ranked = byMoves(selection);
  if (ranked.length === 0) return null;
  const codeOf = (t: number, n: number): number =>
    state[t * N + n] === NOT_LISTED ? NO_CODE : k[t * N + n]! * STATES.length + state[t * N + n]!;
  const inStrips = (strips: number) => runsOf(ranked.slice(0, strips), time.length, codeOf, MOST_RUNS);
  let drawn = inStrips(MOST_STRIPS);
  for (const strips of FEWER_STRIPS) if (drawn.stepBars > 1) drawn = inStrips(strips);
  const { runs, stepBars } = drawn.stepBars > 1 ? inStrips(MOST_STRIPS) : drawn;
  const shown = [...new Set(runs.map(({ asset }) => asset))];
  const strip = new Map(shown.map((asset, row) => [asset, row]));
  const steps = runs.map(({ code }) => Math.floor(code / STATES.length));
  const heights = steps.map((step) => NONE + (FULL - NONE) * (step / rampSteps));
  const base = runs.map(({ asset }) => strip.get(asset)! + (1 + FULL) / 2);
  return {
    id: "multiplier-ramps",
    title: "Multiplier ramps",
    description: `Step charts of the multipliers of the ${plural(shown.length, "asset")} whose multiplier moved most often.`,
    caption:
      `Height is the multiplier, from 0 to 1 in steps of 1/${rampSteps}, on a pale ground where it is 0; colour is the state. ` +
      (shown.length < ranked.length
        ? `The ${shown.length} of ${formatWhole(ranked.length)} assets with a ramp whose multiplier moved most often.`
        : `All ${plural(shown.length, "asset")} with a ramp, the one whose multiplier moved most often first.`) +
      (stepBars > 1 ? ` Drawn in steps of ${stepBars} bars, each as most of them were.` : ""),
    legend: SELECTOR_STATES.map((label, code) => ({ label, colour: stateTone(code), mark: "area" })),
    columns: {
      asset: runs.map(({ asset }) => assets[asset]!),
      state: runs.map(({ code }) => code % STATES.length),
      name: runs.map(({ code }) => SELECTOR_STATES[code % STATES.length]!),
      multiplier: steps.map((step) => significant(step / rampSteps, 4)),
      from: runs.map(({ fromBar }) => time[fromBar]!),
      last: runs.map(({ toBar }) => time[toBar - 1]!),
      to: runs.map(({ toBar }) => endTime(time, toBar)),
      base: base.map((at) => significant(at, 6)),
      top: base.map((at, i) => significant(at - heights[i]!, 6)),
    },
    views: singleView(spec(shown.length)),
    readout: {
      by: "mark",
      title: { field: "asset", label: "", style: "text" },
      fields: [
        { field: "multiplier", label: "multiplier", style: "ratio" },
        { field: "name", label: "state", style: "text" },
        { field: "from", label: "from", style: "date" },
        { field: "last", label: "to", style: "date" },
      ],
    },
  };
}

/** Assets whose step of the ramp ever changed while listed, the most changes first; ties in the order of the axes. */
function byMoves({ axes, state, k }: SelectionRecord): number[] {
  const N = axes.assets.length;
  const moves = new Int32Array(N);
  for (let i = N; i < state.length; i++) {
    if (state[i] === NOT_LISTED || state[i - N] === NOT_LISTED) continue;
    if (k[i] !== k[i - N]) moves[i % N]!++;
  }
  return Array.from(axes.assets.keys())
    .filter((n) => moves[n]! > 0)
    .sort((a, b) => moves[b]! - moves[a]! || a - b);
}

/** The strips lie on a scale of row numbers, over which a scale of names of the same height puts the labels. */
function spec(strips: number): TopLevelSpec {
  const y = { type: "quantitative", scale: { domain: [strips, 0], nice: false }, axis: null } as const;
  const stretch = {
    x: { ...TIME_X, field: "from" },
    x2: { field: "to" },
    y2: { field: "base" },
    color: { field: "state", type: "nominal", scale: { domain: STATES, range: STATES.map(stateTone) }, legend: null },
  };
  return {
    data: ROWS,
    height: STRIP_PX * strips,
    layer: [
      { mark: { type: "rect" }, encoding: { ...stretch, y: { field: "top", ...y } } },
      {
        // A pale ground where there is nothing else to see or to point at.
        transform: [{ filter: "datum.multiplier === 0" }, { calculate: `datum.base - ${FULL}`, as: "full" }],
        mark: { type: "rect", opacity: 0.13 },
        encoding: { ...stretch, y: { field: "full", ...y } },
      },
      {
        transform: [{ aggregate: [{ op: "count", as: "runs" }], groupby: ["asset"] }],
        mark: { type: "rule", color: tone("hairline") },
        encoding: {
          y: { field: "asset", type: "ordinal", sort: null, scale: { padding: 0 }, axis: ASSET_AXIS, bandPosition: 1 },
        },
      },
    ],
    resolve: { scale: { y: "independent" } },
  } as unknown as TopLevelSpec;
}
