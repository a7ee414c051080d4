/** Where the holdout begins on the bars of a market. */
import { InputError } from "../core/errors.ts";
import type { Axes } from "../core/panel.ts";
import { formatTime } from "../data/calendar.ts";
import type { ExperimentConfig } from "./schema.ts";

/** First bar on or after `validation.holdout_start`; null where none is named, or it lies beyond the bars. */
export function holdoutBar({ validation }: Pick<ExperimentConfig, "validation">, { time }: Axes): number | null {
  if (validation === undefined) return null;
  const start = Date.parse(validation.holdout_start);
  const bar = time.findIndex((label) => label >= start);
  return bar < 0 ? null : bar;
}

/** @throws InputError unless the holdout begins after the first bar and by the last: asked of whole data only */
export function checkHoldout(config: Pick<ExperimentConfig, "validation">, axes: Axes): void {
  if (config.validation === undefined) return;
  const bar = holdoutBar(config, axes);
  if (bar === null || bar === 0)
    throw InputError.of({
      where: "validation.holdout_start",
      rule: `must lie after ${formatTime(axes.time[0]!)} and by ${formatTime(axes.time.at(-1)!)}, as the data do`,
      got: config.validation.holdout_start,
    });
}
