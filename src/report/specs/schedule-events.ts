/** When the rebalancing schedule did what: one row a kind of event, one tick a bar on which there was one. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { REBALANCING_EVENTS, type RebalancingEvent } from "../../core/rebalancing-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { spacedName } from "../event-table.ts";
import { plural } from "../number-format.ts";
import { tone } from "../theme.ts";
import { ASSET_AXIS, TIME_X } from "./time-series.ts";

const MOST_TICKS = 1500;
const ROW_PX = 17;

interface Tick {
  readonly kind: RebalancingEvent["kind"];
  readonly bar: number;
  readonly events: readonly RebalancingEvent[];
}

/** @returns null without a schedule, or when it logged nothing */
export function scheduleEventsChart({ rebalancing, account }: RunRecord): Chart | null {
  if (rebalancing === null || rebalancing.events.length === 0) return null;
  const { time } = account.axes;
  const kinds = REBALANCING_EVENTS.filter((kind) => rebalancing.events.some((event) => event.kind === kind));
  const { ticks, stepBars } = ticksOf(rebalancing.events, time.length);
  return {
    id: "schedule-events",
    title: "What the schedule did when",
    description: `Strip chart of ${plural(rebalancing.events.length, "rebalancing event")}, one row for each of ${plural(kinds.length, "kind")}.`,
    caption:
      `One tick a bar with an event of the kind, whatever its scope; decided at its close, filled at the next open.` +
      (stepBars > 1 ? ` Ticks within ${stepBars} bars are drawn as one.` : ""),
    legend: [],
    columns: {
      kind: ticks.map(({ kind }) => spacedName(kind)),
      t: ticks.map(({ bar }) => time[bar]!),
      events: ticks.map(({ events }) => events.length),
      scope: ticks.map(({ events }) => scopesOf(events)),
    },
    views: singleView(spec(kinds.map(spacedName), [time[0]!, time[time.length - 1]!])),
    readout: {
      by: "mark",
      title: { field: "kind", label: "", style: "text" },
      fields: [
        { field: "t", label: "first on", style: "date" },
        { field: "events", label: "events", style: "count" },
        { field: "scope", label: "scope", style: "text" },
      ],
    },
  };
}

/** Events by kind and bar, or by kind and as few bars together as keep the ticks within bounds; in order of time. */
function ticksOf(events: readonly RebalancingEvent[], bars: number) {
  const within = (stepBars: number): Tick[] =>
    [...Map.groupBy(events, ({ kind, bar }) => `${kind} ${Math.floor(bar / stepBars)}`).values()].map((some) => ({
      kind: some[0]!.kind,
      bar: some[0]!.bar,
      events: some,
    }));
  let stepBars = 1;
  let ticks = within(stepBars);
  while (ticks.length > MOST_TICKS && stepBars < bars) {
    stepBars *= 2;
    ticks = within(stepBars);
  }
  return { ticks, stepBars };
}

function scopesOf(events: readonly RebalancingEvent[]): string {
  const scopes = [...new Set(events.map(({ scope }) => scope))];
  return scopes.length <= 3 ? scopes.join(", ") : plural(scopes.length, "scope");
}

/** @param kinds names of our own, not of people */
function spec(kinds: readonly string[], domain: readonly [number, number]): TopLevelSpec {
  return {
    data: ROWS,
    height: ROW_PX * kinds.length,
    mark: { type: "tick", color: tone("accent"), thickness: 1.5, opacity: 0.8, bandSize: ROW_PX - 5 },
    encoding: {
      x: { ...TIME_X, scale: { ...TIME_X.scale, domain } },
      y: { field: "kind", type: "ordinal", scale: { domain: kinds }, axis: ASSET_AXIS },
    },
  } as unknown as TopLevelSpec;
}
