/** What a rebalancing schedule made of the decisions, as CSV files. */
import { join } from "node:path";
import { formatBarTime } from "../data/calendar.ts";
import { writeTable } from "../data/csv-writer.ts";
import type { RebalancingPlan } from "../rebalancing/schedule.ts";
import { writeWeights } from "./account-files.ts";

/**
 * schedule.csv (date,scope,event,detail), traded_targets.csv and move_fraction.csv (wide; the way to the target that a
 * decision goes, empty where there is none).
 */
export async function writeSchedule(out: string, { targets, moves, record }: RebalancingPlan): Promise<void> {
  const { axes, values } = targets;
  const timeOf = formatBarTime(axes.time);
  await writeTable(join(out, "schedule.csv"), [
    ["date", record.events.map(({ bar }) => timeOf(axes.time[bar]!))],
    ["scope", record.events.map(({ scope }) => scope)],
    ["event", record.events.map(({ kind }) => kind)],
    ["detail", record.events.map(({ detail }) => detail)],
  ]);
  await writeWeights(join(out, "traded_targets.csv"), axes, values);
  const fraction = Float64Array.from({ length: values.length }, (_, i) =>
    values[i] === values[i] ? moves.fraction[i]! : Number.NaN,
  );
  await writeWeights(join(out, "move_fraction.csv"), axes, fraction);
}
