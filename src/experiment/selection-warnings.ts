/** What a reader must know of a selector's run, as sentences; single events stay in its record. */
import type { SelectionRecord } from "../core/selection-record.ts";
import { formatBarTime } from "../data/calendar.ts";

/** Stretches that concern the whole universe: one sentence a kind, with the first bar and how many there were. */
export function selectionWarnings({ axes, events }: SelectionRecord): string[] {
  const timeOf = formatBarTime(axes.time);
  const warnings: string[] = [];
  for (const kind of ["below_min_active", "all_excluded"] as const) {
    const stretches = events.filter((event) => event.kind === kind);
    if (stretches.length === 0) continue;
    const { bar, detail } = stretches[0]!;
    const more = stretches.length === 1 ? "" : ` (the first of ${stretches.length} such stretches)`;
    warnings.push(`${kind} from ${timeOf(axes.time[bar]!)}${more}: ${detail}`);
  }
  return warnings;
}
