/** A plausible SelectionRecord: chance takes assets out and ramps let them down and up. It is not the selector. */
import type { Axes } from "../../src/core/panel.ts";
import type { Rng } from "../../src/core/rng.ts";
import {
  NOT_LISTED,
  SELECTOR_STATES,
  type SelectionEvent,
  type SelectionEventKind,
  type SelectionRecord,
  type SelectorStateName,
} from "../../src/core/selection-record.ts";

const RAMP_STEPS = 5;
const COOLDOWN_BARS = 30;

/** Every seventh asset is listed late; the first one never leaves ACTIVE. */
export function fabricateSelection(axes: Axes, rng: Rng): SelectionRecord {
  const T = axes.time.length;
  const N = axes.assets.length;
  const state = new Uint8Array(T * N).fill(NOT_LISTED);
  const k = new Uint8Array(T * N);
  const events: SelectionEvent[] = [];
  for (let n = 0; n < N; n++) {
    let now = "ACTIVE" as SelectorStateName;
    let step = RAMP_STEPS;
    let rest = 0;
    const move = (bar: number, kind: SelectionEventKind, to: SelectorStateName): void => {
      events.push({ kind, bar, asset: n, from: now, to, detail: `score ${rng.uniform().toFixed(3)}` });
      now = to;
    };
    for (let t = n % 7 === 5 ? T >> 2 : 0; t < T; t++) {
      const chance = n === 0 ? 1 : rng.uniform();
      if (now === "ACTIVE" && chance < 0.0006) {
        move(t, "hard_exclusion", "COOLDOWN");
        step = 0;
        rest = COOLDOWN_BARS;
      } else if (now === "ACTIVE" && chance < 0.008) move(t, "exclude", "UNDERPERFORMING");
      else if (now === "UNDERPERFORMING" && chance < 0.05) move(t, "recover", "RE_ENTRY");
      else if (now === "UNDERPERFORMING" && --step === 0) {
        move(t, "cooldown", "COOLDOWN");
        rest = COOLDOWN_BARS;
      } else if (now === "COOLDOWN" && --rest <= 0 && chance < 0.1) move(t, "re_entry", "RE_ENTRY");
      else if (now === "RE_ENTRY" && chance < 0.05) move(t, "relapse", step === 0 ? "COOLDOWN" : "UNDERPERFORMING");
      else if (now === "RE_ENTRY" && ++step >= RAMP_STEPS) {
        step = RAMP_STEPS;
        move(t, "active", "ACTIVE");
      }
      state[t * N + n] = SELECTOR_STATES.indexOf(now);
      k[t * N + n] = step;
    }
  }
  const listed = (value: number, i: number): number => (state[i] === NOT_LISTED ? Number.NaN : value);
  return {
    axes,
    state,
    k,
    rampSteps: RAMP_STEPS,
    multiplier: Float64Array.from(k, (step) => step / RAMP_STEPS),
    score: new Float64Array(T * N).map((_, i) => listed(rng.uniform(), i)),
    sharpe: new Float64Array(T * N).map((_, i) => listed(rng.normal(), i)),
    drawdown: new Float64Array(T * N).map((_, i) => listed(0.2 * rng.uniform(), i)),
    events: events.sort((a, b) => a.bar - b.bar),
  };
}
