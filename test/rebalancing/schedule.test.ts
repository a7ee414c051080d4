import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OUTSIDE_PLANS } from "../../src/core/contracts.ts";
import type { RebalancingEvent } from "../../src/core/rebalancing-record.ts";
import { simulate } from "../../src/execution/reference.ts";
import { initRebalancing } from "../../src/rebalancing/rebalancing-state.ts";
import { planRebalancing, rebalancingRows, stepRebalancing } from "../../src/rebalancing/schedule.ts";
import { marketOn, policyOf } from "../support/market.ts";
import { movesOf, planOf, rebalancingCases, rebalancingOf, SLICES, storyOf } from "./policies.ts";

const runs = { seed: 11, numRuns: 2000 };

describe("properties", () => {
  test("every bar, no debounce, one slice: what was decided, all the way, and nothing in the log", () => {
    fc.assert(
      fc.property(rebalancingCases, ({ inputs, policy }) => {
        const plain = rebalancingOf(policy.groupOf.length, { groups: policy.groups, groupOf: policy.groupOf });
        const { targets, moves, record } = planRebalancing(inputs, plain);
        expect(targets.values).toEqual(inputs.targets);
        expect(moves.fraction.every((f) => f === 1)).toBe(true);
        expect(moves.gate).toBeNull();
        expect(record.events).toEqual([]);
      }),
      runs,
    );
  });

  test("run(0..T) equals run(0..k), save, load, run(k..T)", () => {
    fc.assert(
      fc.property(rebalancingCases, fc.nat(), ({ inputs, policy }, cut) => {
        const whole = planRebalancing(inputs, policy);
        const T = inputs.axes.time.length;
        const k = T === 0 ? 0 : cut % T;
        const out = rebalancingRows(inputs.axes, policy);
        const events: RebalancingEvent[] = [];
        let state = initRebalancing(policy, policy.groupOf.length);
        for (let t = 0; t < k; t++) stepRebalancing(state, t, inputs, policy, out, (e) => events.push(e));
        state = structuredClone(state);
        for (let t = k; t < T; t++) stepRebalancing(state, t, inputs, policy, out, (e) => events.push(e));
        expect(out.targets).toEqual(whole.targets.values);
        expect(out.fraction).toEqual(whole.moves.fraction);
        expect(out.gate).toEqual(
          whole.moves.gate && { opening: whole.moves.gate.opening, quiet: whole.moves.gate.quiet },
        );
        expect(events).toEqual(whole.record.events);
      }),
      runs,
    );
  });

  test("truncating the future changes nothing", () => {
    fc.assert(
      fc.property(rebalancingCases, fc.nat(), ({ inputs, policy }, cut) => {
        const { axes, targets, immediate, listed } = inputs;
        const T = axes.time.length;
        const k = T === 0 ? 0 : cut % T;
        const cells = k * axes.assets.length;
        const whole = planRebalancing(inputs, policy);
        const short = planRebalancing(
          {
            axes: { time: axes.time.subarray(0, k), assets: axes.assets },
            targets: targets.subarray(0, cells),
            immediate: immediate!.subarray(0, cells),
            listed: listed?.subarray(0, cells) ?? null,
          },
          policy,
        );
        expect(short.targets.values).toEqual(whole.targets.values.subarray(0, cells));
        expect(short.moves.fraction).toEqual(whole.moves.fraction.subarray(0, cells));
        if (short.moves.gate !== null) {
          expect(short.moves.gate.opening).toEqual(whole.moves.gate!.opening.subarray(0, cells));
          expect(short.moves.gate.quiet).toEqual(whole.moves.gate!.quiet!.subarray(0, cells));
        }
        expect(short.record.events).toEqual(whole.record.events.filter(({ bar }) => bar < k));
      }),
      runs,
    );
  });

  test("permuting the assets permutes what is traded", () => {
    fc.assert(
      fc.property(rebalancingCases, ({ inputs, policy }) => {
        const N = policy.groupOf.length;
        const turned = <X>(plane: ArrayLike<X>) => Array.from(plane, (_, i) => plane[i - (i % N) + (N - 1 - (i % N))]!);
        const whole = planRebalancing(inputs, policy);
        const mirrored = planRebalancing(
          {
            axes: { time: inputs.axes.time, assets: inputs.axes.assets.toReversed() },
            targets: Float64Array.from(turned(inputs.targets)),
            immediate: Uint8Array.from(turned(inputs.immediate!)),
            listed: inputs.listed ? Float64Array.from(turned(inputs.listed)) : null,
          },
          { ...policy, groupOf: policy.groupOf.toReversed() },
        );
        expect(turned(mirrored.targets.values)).toEqual([...whole.targets.values]);
        expect(turned(mirrored.moves.fraction)).toEqual([...whole.moves.fraction]);
        if (whole.moves.gate !== null)
          expect(turned(mirrored.moves.gate!.opening)).toEqual([...whole.moves.gate.opening]);
      }),
      runs,
    );
  });

  test("what is immediate is traded at its bar, all the way and past the gate", () => {
    fc.assert(
      fc.property(rebalancingCases, ({ inputs, policy }) => {
        const { targets, moves } = planRebalancing(inputs, policy);
        for (let i = 0; i < inputs.targets.length; i++) {
          if (inputs.immediate![i] !== 1 || Number.isNaN(inputs.targets[i]!)) continue;
          expect([targets.values[i], moves.fraction[i]]).toEqual([inputs.targets[i], 1]);
          if (moves.gate !== null) expect(moves.gate.opening[i]).toBe(OUTSIDE_PLANS);
        }
      }),
      runs,
    );
  });

  test("once decisions stop, the book ends at the last ones it was given, through the engine", () => {
    fc.assert(
      fc.property(rebalancingCases, ({ inputs, policy }) => {
        const N = policy.groupOf.length;
        const T = inputs.axes.time.length;
        // as many further bars as debounce, five slices begun late, and a calendar of five bars can take
        const more = 20;
        const longer = {
          axes: {
            time: Float64Array.from({ length: T + more }, (_, t) => t * 86_400_000),
            assets: inputs.axes.assets,
          },
          targets: new Float64Array((T + more) * N).fill(Number.NaN),
          immediate: new Uint8Array((T + more) * N),
        };
        longer.targets.set(inputs.targets as Float64Array);
        longer.immediate.set(inputs.immediate!);
        const { targets, moves } = planRebalancing(longer, { ...policy, trigger: "calendar", gate: null, interval: 5 });
        const prices = new Float64Array((T + more) * N).fill(10);
        const { finalUnits } = simulate(marketOn(longer.axes, prices, prices), targets, policyOf(), { moves });
        for (let n = 0; n < N; n++) {
          let decided = Number.NaN;
          let sent = Number.NaN;
          let fraction = Number.NaN;
          for (let t = 0; t < T + more; t++) {
            const [x, y] = [longer.targets[t * N + n]!, targets.values[t * N + n]!];
            if (!Number.isNaN(x)) decided = x;
            if (Number.isNaN(y)) continue;
            sent = y;
            fraction = moves.fraction[t * N + n]!;
          }
          if (Number.isNaN(decided)) expect(sent).toBeNaN();
          else if (policy.debounceBars === 1 || decided !== 0 || !Number.isNaN(sent)) {
            expect(sent).toBe(decided);
            expect(fraction).toBe(1);
            expect(finalUnits[n]).toBeCloseTo(decided * 100, 9);
          }
        }
      }),
      runs,
    );
  });
});

test("with one asset and whole moves, trades what the last N closes agree on", () => {
  const value = fc.constantFrom(Number.NaN, Number.NaN, 0, 0.2, 0.5);
  const cases = fc.tuple(fc.array(value, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(cases, ([decisions, closes]) => {
      const policy = rebalancingOf(1, { debounceBars: closes });
      const plan = planOf(decisions.length, Object.fromEntries(decisions.map((x, t) => [t, [x]])), policy);
      const standing: number[] = [];
      let held = Number.NaN;
      for (const [t, x] of decisions.entries()) {
        standing.push(Number.isNaN(x) ? (standing[t - 1] ?? Number.NaN) : x);
        const now = standing[t]!;
        const waits = !(held > 0) && standing.slice(0, t).every((y) => !(y > 0));
        const enters = waits && !Number.isNaN(x);
        const agreed = t + 1 >= closes && standing.slice(t + 1 - closes).every((y) => y === now);
        // a value that is held already is only traded again where it is no change taken back
        const repeats = !Number.isNaN(x) && now === held && standing[t - 1] === held;
        const trades = enters || repeats || (agreed && now !== held && !Number.isNaN(now));
        expect(plan.targets.values[t], `bar ${t}`).toBe(trades ? now : Number.NaN);
        if (trades) held = now;
      }
    }),
    runs,
  );
});

test("a threshold trigger looks at every bar and writes nothing about it", () => {
  const gate = { measure: "l1" as const, threshold: 0.05 };
  const decisions = Object.fromEntries(Array.from({ length: 60 }, (_, t) => [t * 5, [0.5, 0.5]]));
  const whole = planOf(300, decisions, rebalancingOf(2, { trigger: "threshold", gate }));
  expect(Object.keys(movesOf(whole)).length).toBe(300);
  expect(whole.record.events).toEqual([]);
  expect([...whole.moves.gate!.quiet!]).toEqual([0, 0, ...new Array<number>(598).fill(1)]);
  // in slices: the entry, and from then on a quiet look every five bars
  const sliced = planOf(300, decisions, rebalancingOf(2, { trigger: "threshold", gate, split: SLICES }));
  expect(sliced.record.events.length).toBe(7);
  const { opening } = sliced.moves.gate!;
  expect([...opening].filter((plan) => plan !== 0).length).toBe(2 * 59);
});

describe("edges", () => {
  test("no bars, and an asset nothing was ever decided for", () => {
    expect(planOf(0, {}, rebalancingOf(1)).targets.values.length).toBe(0);
    const { targets } = planOf(
      3,
      { 0: [0.5, null] },
      rebalancingOf(2, { trigger: "threshold", gate: { measure: "max", threshold: 0 } }),
    );
    expect([...targets.values]).toEqual([0.5, Number.NaN, 0.5, Number.NaN, 0.5, Number.NaN]);
  });
});

test("five slices in a row: 0.3, then 0.2/0.7, 0.2/0.5, 0.2/0.3 and the rest", () => {
  const plan = planOf(7, { 1: [0.6] }, rebalancingOf(1, { split: SLICES }));
  expect(movesOf(plan)).toEqual({ 1: "0.3", 2: "0.2857", 3: "0.4", 4: "0.6667", 5: "1" });
  expect(storyOf(plan)).toEqual([
    "1 opened global",
    "1 slice global",
    "2 slice global",
    "3 slice global",
    "4 slice global",
    "5 slice global",
    "5 completed global",
  ]);
});
