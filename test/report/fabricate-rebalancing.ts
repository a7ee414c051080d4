/** A plausible RebalancingRecord: one plan a month, some pending and taken back before. It is not the schedule. */
import type { RebalancingEvent, RebalancingRecord } from "../../src/core/rebalancing-record.ts";
import type { Rng } from "../../src/core/rng.ts";

const MONTH_BARS = 21;
const SCOPES = ["global", "majors", "alts"];
const SLICES = 5;

export function fabricateRebalancing(bars: number, rng: Rng): RebalancingRecord {
  const events: RebalancingEvent[] = [];
  for (let bar = 0, plan = 0; bar + MONTH_BARS <= bars; bar += MONTH_BARS, plan++) {
    const scope = SCOPES[plan % SCOPES.length]!;
    const log = (kind: RebalancingEvent["kind"], after: number, detail: string): void => {
      events.push({ kind, bar: bar + after, scope, detail });
    };
    log("pending", 0, "1 of 3 closes, |change| 0.12");
    if (rng.uniform() < 0.2) log("restarted", 1, "a third value, 1 of 3 closes");
    if (rng.uniform() < 0.3) {
      log("reverted", 2, "back at the confirmed weights");
      continue;
    }
    log("confirmed", 3, "held for 3 closes");
    log("opened", 3, `${SLICES} slices`);
    for (let slice = 1; slice <= SLICES; slice++) log("slice", 2 + slice, `slice ${slice} of ${SLICES}`);
    if (plan % 9 === 4) log("paused", 5, "a change is pending");
    if (plan % 9 === 4) log("resumed", 6, "the change was taken back");
    if (plan % 11 === 7) log("abandoned", 7, "replaced by a global plan");
    else log("completed", 7, "all slices decided");
  }
  return { events: events.sort((a, b) => a.bar - b.bar) };
}
