import { describe, expect, it } from "vitest";
import type { RebalancingEvent } from "../../src/core/rebalancing-record.ts";
import { rebalancingSection } from "../../src/report/sections/rebalancing.ts";
import { scheduleEventsChart } from "../../src/report/specs/schedule-events.ts";
import { fabricateRecord } from "./fabricate-record.ts";

const record = fabricateRecord({ bars: 60, assets: 2 });
const markup = (events: readonly RebalancingEvent[]): string =>
  rebalancingSection({ ...record, rebalancing: { events } })!
    .blocks.map((block) => (block.kind === "html" ? block.html : ""))
    .join("\n");
const event = (kind: RebalancingEvent["kind"], bar: number, scope: string): RebalancingEvent => ({
  kind,
  bar,
  scope,
  detail: `why <${bar}>`,
});

describe("the rebalancing section", () => {
  it("counts kinds by scope, in the order of a plan's life, the busiest scope first", () => {
    const page = markup([
      event("slice", 3, "alts"),
      event("pending", 4, "global"),
      event("slice", 4, "alts"),
      event("slice", 5, "global"),
      event("completed", 6, "alts"),
    ]);
    const cells = (row: string): string[] => [...row.matchAll(/>([^<>]+)<\/t[hd]>/g)].map((match) => match[1]!);
    const rows = page.slice(0, page.indexOf("</table>")).match(/<tr>.*<\/tr>/g)!;
    expect(rows.map(cells)).toEqual([
      ["Scope", "pending", "slice", "completed"],
      ["alts", "0", "2", "1"],
      ["global", "1", "1", "0"],
    ]);
    expect(page).toContain("5 rebalancing events: 3 slice, 1 pending, 1 completed.");
    expect(page).toContain('<td>alts</td><td class="prose">why &lt;3&gt;</td>');
  });

  it("folds away the scopes there is no room for, and says so", () => {
    const page = markup(Array.from({ length: 40 }, (_, i) => event("opened", i, `g${i % 20}`)));
    expect(page).toContain("The 12 of 20 with most events.");
    expect(page).toContain("<summary>All 20 scopes</summary>");
  });

  it("says that nothing happened, and is left out without a schedule", () => {
    expect(markup([])).toContain("The schedule had nothing to log.");
    expect(rebalancingSection({ ...record, rebalancing: null })).toBeNull();
  });
});

describe("the schedule's events over time", () => {
  const chart = (events: readonly RebalancingEvent[]) => scheduleEventsChart({ ...record, rebalancing: { events } })!;

  it("are one tick for each kind and bar, with the scopes it concerned", () => {
    const events = ["b", "a", "a"].map((scope) => event("slice", 7, scope));
    const { columns } = chart([event("opened", 7, "a"), ...events, event("slice", 8, "b")]);
    expect(columns.kind).toEqual(["opened", "slice", "slice"]);
    expect(columns.t).toEqual([7, 7, 8].map((bar) => record.account.axes.time[bar]));
    expect(columns.events).toEqual([1, 3, 1]);
    expect(columns.scope).toEqual(["a", "b, a", "b"]);
  });

  it("are put together when there are more than a page can bear, and the caption says so", () => {
    const long = fabricateRecord({ bars: 4000, assets: 1 });
    const events = Array.from({ length: 4000 }, (_, bar) => event("slice", bar, "global"));
    const { columns, caption } = scheduleEventsChart({ ...long, rebalancing: { events } })!;
    // 2,000 ticks of 2 bars are still too many, 1,000 of 4 are not.
    expect(columns.events).toEqual(Array.from({ length: 1000 }, () => 4));
    expect(caption).toContain("Ticks within 4 bars are drawn as one.");
  });
});
