/** Where the holdout begins on an axis of time. */
import { tone } from "../theme.ts";
import { TIME_X } from "./time-series.ts";

/** A dashed rule, or nothing. @param time UTC ms of the first bar of the holdout */
export function holdoutRule(time: number | undefined): readonly object[] {
  if (time === undefined) return [];
  return [
    {
      data: { values: [{ holdout: time }] },
      mark: { type: "rule", color: tone("notice"), strokeWidth: 1, strokeDash: [4, 3] },
      encoding: { x: { ...TIME_X, field: "holdout" } },
    },
  ];
}
