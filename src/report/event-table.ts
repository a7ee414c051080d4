/** Events of a run: how many there were of each kind, some one by one, and a longer list that opens on demand. Kinds
 *  take turns where there is no room for all, so that neither rare nor common ones go unseen. */
import type { Floats } from "../core/panel.ts";
import { formatTime, formatWhole, plural } from "./number-format.ts";
import { type Block, html } from "./section.ts";
import { type Cell, type Column, left, renderDetails, renderRows } from "./table.ts";

const EVENTS_SHOWN = 12;
const EVENTS_LISTED = 400;

export interface BarEvent {
  readonly kind: string;
  readonly bar: number;
}

/** What is said of events beside when they were and of what kind. */
export interface EventView<E extends BarEvent> {
  /** "account event". */
  readonly noun: string;
  /** How a kind is called. */
  readonly name: (kind: E["kind"]) => string;
  readonly columns: readonly Column[];
  /** One cell a column. */
  readonly cells: (event: E) => readonly Cell[];
}

/**
 * @param events at least one; in any order, those of one bar stay in the order given
 * @param time   [T] UTC ms of the bars
 */
export function eventTable<E extends BarEvent>(events: readonly E[], time: Floats, view: EventView<E>): Block[] {
  const ordered = [...events].sort((a, b) => a.bar - b.bar);
  const counts = new Map<E["kind"], number>();
  for (const { kind } of ordered) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${formatWhole(count)} ${view.name(kind)}`).join(", ");
  const columns = [left("Date"), left("Event"), ...view.columns];
  const rows = (some: readonly E[]) =>
    some.map((event) => [formatTime(time[event.bar] ?? Number.NaN), view.name(event.kind), ...view.cells(event)]);
  const shown = takeTurns(ordered, EVENTS_SHOWN);
  const cut = shown.length < ordered.length ? ` ${shown.length} are shown, the kinds taking turns.` : "";
  const blocks = [html(renderRows(`${plural(events.length, view.noun)}: ${kinds}.${cut}`, columns, rows(shown)))];
  if (shown.length === ordered.length) return blocks;
  const listed = takeTurns(ordered, EVENTS_LISTED);
  const title =
    listed.length < ordered.length
      ? `${formatWhole(listed.length)} of ${plural(ordered.length, view.noun)}`
      : `All ${plural(ordered.length, view.noun)}`;
  blocks.push(html(renderDetails(title, renderRows(title, columns, rows(listed), "plain"))));
  return blocks;
}

/** hard_exclusion -> hard exclusion. */
export function spacedName(kind: string): string {
  return kind.replaceAll("_", " ");
}

/**
 * The first event of each kind, then the second of each and so on.
 *
 * @param most how many at most; more where there are more kinds, each of which appears at least once
 * @returns in the order of `events`
 */
export function takeTurns<E extends BarEvent>(events: readonly E[], most: number): E[] {
  const seen = new Map<string, number>();
  const turns = events.map(({ kind }) => {
    const turn = seen.get(kind) ?? 0;
    seen.set(kind, turn + 1);
    return turn;
  });
  return Array.from(events.keys())
    .sort((a, b) => turns[a]! - turns[b]! || a - b)
    .slice(0, Math.max(most, seen.size))
    .sort((a, b) => a - b)
    .map((i) => events[i]!);
}
