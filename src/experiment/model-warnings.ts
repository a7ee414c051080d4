/** What a reader of a run must know about its models: where the traded scores are not what their name says. */
import type { CombinerEvent, ModelRecord } from "../core/model-record.ts";
import { formatBarTime } from "../data/calendar.ts";

type Fallback = Extract<CombinerEvent, { readonly kind: "fallback" }>;

const REASONS: Readonly<Record<string, string>> = {
  no_model_scores: "followed the ranking alone, as the model had no scores",
  no_ranking_scores: "followed the model alone, as the ranking had no scores",
  no_matured_labels: "was `weighted`, as too few labels had matured",
  singular: "was `weighted`, as its fit had no answer",
};

/** One sentence a horizon and reason of the traded combiner, and one for the holdout. */
export function modelWarnings({ axes, traded, combinerEvents, holdoutBar }: ModelRecord): string[] {
  const timeOf = formatBarTime(axes.time);
  const dateOf = (bar: number) => timeOf(axes.time[bar]!);
  const own = combinerEvents.filter(
    (event): event is Fallback => event.kind === "fallback" && event.combiner === traded.name,
  );
  const groups = Map.groupBy(own, ({ horizon, reason }) => `${horizon}/${reason}`);
  const fallbacks = [...groups.values()].map((events) => {
    const { horizon, reason, fromBar } = events[0]!;
    const bars = events.reduce((sum, event) => sum + event.toBar - event.fromBar + 1, 0);
    const last = dateOf(events.at(-1)!.toBar);
    const span = bars === 1 ? `at ${dateOf(fromBar)}` : `on ${bars} bars from ${dateOf(fromBar)} to ${last}`;
    return `ensemble ${traded.name}, ${horizon} horizon: ${REASONS[reason] ?? reason} ${span}`;
  });
  const holdout =
    holdoutBar === null ? [] : [`the account runs on into the holdout, which begins at ${dateOf(holdoutBar)}`];
  return [...fallbacks, ...holdout];
}
