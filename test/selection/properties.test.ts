/** What holds for every policy: against the specification counted out literally, resumed, cut off, permuted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { NOT_LISTED, type SelectionEvent } from "../../src/core/selection-record.ts";
import { stepSelector } from "../../src/selection/asset-selector.ts";
import { rampPositions, runSelector } from "../../src/selection/run-selector.ts";
import type { ScorePanels } from "../../src/selection/score.ts";
import type { TransitionPolicy } from "../../src/selection/selector-policy.ts";
import { initSelector } from "../../src/selection/selector-state.ts";
import { panelsOf } from "./cases.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });
const policies: fc.Arbitrary<TransitionPolicy> = fc.record({
  excludeScore: fc.constantFrom(0.2, 0.4, 0.5),
  includeScore: fc.constantFrom(0.51, 0.6),
  hardExcludeSharpe: fc.constantFrom(-1, -2),
  hardExcludeDrawdown: fc.constantFrom(0.15, 0.3, 1),
  excludeConfirmationBars: whole(1, 5),
  includeConfirmationBars: whole(1, 4),
  relapseConfirmationBars: whole(1, 3),
  minExclusionBars: whole(1, 8),
  rampSteps: whole(1, 5),
  minActiveAssets: whole(1, 4),
});
const shapes = fc.record({ seed: fc.nat(1e6), T: whole(1, 90), N: whole(1, 6) });

/** Scores that stay low or high for some bars, now and then a hole, a late listing or a crash. */
function randomPanels({ seed, T, N }: { seed: number; T: number; N: number }): ScorePanels {
  const rng = createRng(seed);
  const column = Array.from({ length: N }, () => ({
    mood: rng.uniform(),
    listing: rng.uniform() < 0.3 ? Math.floor(rng.uniform() * T) : 0,
  }));
  const cells = (of: (n: number, t: number) => number | null) =>
    Array.from({ length: T }, (_, t) => Array.from({ length: N }, (_, n) => of(n, t)));
  return panelsOf(
    cells((n, t) => {
      const { mood, listing } = column[n]!;
      if (rng.uniform() < 0.15) column[n]!.mood = rng.uniform();
      if (t < listing || rng.uniform() < 0.03) return null;
      return Math.min(1, Math.max(0, mood + 0.1 * (rng.uniform() - 0.5)));
    }),
    cells(() => (rng.uniform() < 0.05 ? null : -3 * rng.uniform())),
    cells(() => 0.4 * rng.uniform() ** 3),
  );
}

interface NaiveAsset {
  state: "ACTIVE" | "UNDERPERFORMING" | "COOLDOWN" | "RE_ENTRY";
  k: number;
  below: number;
  above: number;
  waited: number;
}

/** The specification of section 6 and its reference, sentence by sentence, with both counters kept at all times. */
function naiveRun(panels: ScorePanels, p: TransitionPolicy): { state: (string | null)[]; k: number[] } {
  const N = panels.axes.assets.length;
  const assets: (NaiveAsset | null)[] = Array.from({ length: N }, () => null);
  const state: (string | null)[] = [];
  const k: number[] = [];
  for (let t = 0; t < panels.axes.time.length; t++) {
    const score = (n: number) => panels.score[t * N + n]!;
    const listed = [...assets.keys()].filter((n) => !Number.isNaN(score(n)));
    for (const n of listed) {
      assets[n] ??= { state: "ACTIVE", k: p.rampSteps, below: 0, above: 0, waited: 0 };
      const asset = assets[n];
      asset.below = score(n) < p.excludeScore ? asset.below + 1 : 0;
      asset.above = score(n) > p.includeScore ? asset.above + 1 : 0;
    }
    const before = new Map(listed.map((n) => [n, assets[n]!.state]));
    const thrown = listed.filter((n) => {
      const bad =
        panels.sharpe[t * N + n]! < p.hardExcludeSharpe && panels.drawdown[t * N + n]! > p.hardExcludeDrawdown;
      return bad && assets[n]!.state !== "COOLDOWN";
    });
    for (const n of thrown) assets[n] = { state: "COOLDOWN", k: 0, below: 0, above: 0, waited: 0 };
    for (const n of listed) {
      const asset = assets[n]!;
      if (thrown.includes(n)) continue;
      if (before.get(n) === "UNDERPERFORMING") {
        if (asset.above >= p.includeConfirmationBars) asset.state = "RE_ENTRY";
        else if (--asset.k === 0) Object.assign(asset, { state: "COOLDOWN", waited: 0, above: 0 });
      } else if (before.get(n) === "COOLDOWN") {
        asset.waited++;
        if (asset.waited < p.minExclusionBars) asset.above = 0;
        else if (asset.above >= p.includeConfirmationBars) asset.state = "RE_ENTRY";
      } else if (before.get(n) === "RE_ENTRY") {
        if (asset.below >= p.relapseConfirmationBars) {
          if (asset.k > 0) asset.state = "UNDERPERFORMING";
          else Object.assign(asset, { state: "COOLDOWN", waited: 0, above: 0 });
        } else {
          asset.k = Math.min(p.rampSteps, asset.k + 1);
          if (asset.k === p.rampSteps) asset.state = "ACTIVE";
        }
      }
    }
    const candidates = listed
      .filter((n) => before.get(n) === "ACTIVE" && assets[n]!.state === "ACTIVE")
      .filter((n) => assets[n]!.below >= p.excludeConfirmationBars)
      .sort((a, b) => score(a) - score(b) || a - b);
    for (const n of candidates) {
      const staying = listed.filter((m) => ["ACTIVE", "RE_ENTRY"].includes(assets[m]!.state)).length - 1;
      if (staying >= p.minActiveAssets) assets[n]!.state = "UNDERPERFORMING";
    }
    for (let n = 0; n < N; n++) {
      state.push(listed.includes(n) ? assets[n]!.state : null);
      k.push(listed.includes(n) ? assets[n]!.k : 0);
    }
  }
  return { state, k };
}

const NAMES = ["ACTIVE", "UNDERPERFORMING", "COOLDOWN", "RE_ENTRY"];

describe("for every policy and panel", () => {
  test("states and ramp are those of the specification counted out literally", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(shapes, policies, (shape, policy) => {
        const panels = randomPanels(shape);
        const record = runSelector(panels, policy);
        const want = naiveRun(panels, policy);
        expect(Array.from(record.state, (code) => NAMES[code] ?? null)).toEqual(want.state);
        expect([...record.k]).toEqual(want.k);
        for (const { kind } of record.events) seen.add(kind);
      }),
      { seed: 7, numRuns: 400 },
    );
    // every kind of event came up
    expect(seen.size).toBe(11);
  });

  test("stopped, saved, loaded and resumed gives the same bytes and events", () => {
    fc.assert(
      fc.property(shapes, policies, fc.nat(), (shape, policy, cut) => {
        const panels = randomPanels(shape);
        const record = runSelector(panels, policy);
        const planes = { k: new Uint8Array(record.k.length), state: new Uint8Array(record.k.length) };
        const events: SelectionEvent[] = [];
        let memory = initSelector(policy, shape.N);
        for (let t = 0; t < shape.T; t++) {
          if (t === cut % shape.T) memory = structuredClone(memory);
          stepSelector(memory, t, panels, policy, planes, events);
        }
        expect(planes).toEqual({ k: record.k, state: record.state });
        expect(events).toEqual(record.events);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("a saved state goes through JSON", () => {
    const panels = randomPanels({ seed: 3, T: 60, N: 4 });
    const policy = fc.sample(policies, { seed: 1, numRuns: 1 })[0]!;
    let memory = initSelector(policy, 4);
    const k = new Uint8Array(240);
    for (let t = 0; t < 60; t++) {
      const text = JSON.stringify(memory, (_, x) => (ArrayBuffer.isView(x) ? [...(x as Uint8Array)] : x));
      const { state, k: ramp, count, cooldown, heldCount, ...flags } = JSON.parse(text);
      memory = {
        ...flags,
        state: Uint8Array.from(state),
        k: Uint8Array.from(ramp),
        count: Int32Array.from(count),
        cooldown: Int32Array.from(cooldown),
        heldCount: Int32Array.from(heldCount),
      };
      stepSelector(memory, t, panels, policy, { k, state: null }, null);
    }
    expect(k).toEqual(runSelector(panels, policy).k);
  });

  test("the ramp alone is that of the record, and multipliers stay in 0, 1/K, ..., 1", () => {
    fc.assert(
      fc.property(shapes, policies, (shape, policy) => {
        const panels = randomPanels(shape);
        const record = runSelector(panels, policy);
        const k = new Uint8Array(record.k.length).fill(77);
        rampPositions(panels, policy, k);
        expect(k).toEqual(record.k);
        const allowed = new Set(Array.from({ length: policy.rampSteps + 1 }, (_, i) => i / policy.rampSteps));
        for (const [i, m] of record.multiplier.entries()) {
          expect(allowed.has(m)).toBe(true);
          if (record.state[i] === NOT_LISTED) expect(m).toBe(0);
          if (record.state[i] === 0) expect(m).toBe(1);
          if (record.state[i] === 1) expect(m).toBeGreaterThan(0);
          if (record.state[i] === 2) expect(m).toBe(0);
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  test("cutting the future off changes nothing", () => {
    fc.assert(
      fc.property(shapes, policies, fc.nat(), (shape, policy, k) => {
        const panels = randomPanels(shape);
        const whole = runSelector(panels, policy);
        const bars = k % (shape.T + 1);
        const cells = bars * shape.N;
        const part = runSelector(
          {
            axes: { ...panels.axes, time: panels.axes.time.subarray(0, bars) },
            score: panels.score.subarray(0, cells),
            sharpe: panels.sharpe.subarray(0, cells),
            drawdown: panels.drawdown.subarray(0, cells),
          },
          policy,
        );
        expect(part.k).toEqual(whole.k.subarray(0, cells));
        expect(part.state).toEqual(whole.state.subarray(0, cells));
        expect(part.events).toEqual(whole.events.filter(({ bar }) => bar < bars));
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  test("permuting assets permutes the result where scores differ", () => {
    fc.assert(
      fc.property(shapes, policies, (shape, policy) => {
        const panels = randomPanels(shape);
        const { N } = shape;
        const mirror = (i: number) => Math.floor(i / N) * N + (N - 1 - (i % N));
        const flip = (plane: ScorePanels["score"]) => Float64Array.from(plane, (_, i) => plane[mirror(i)]!);
        // moods are clipped to 0 and 1 now and then: nudge equal scores apart
        const score = Float64Array.from(panels.score, (x, i) => x + 1e-9 * (i % N));
        const apart = { ...panels, score };
        const other = { ...panels, score: flip(score), sharpe: flip(panels.sharpe), drawdown: flip(panels.drawdown) };
        const [a, b] = [runSelector(apart, policy), runSelector(other, policy)];
        expect([...b.k]).toEqual(Array.from(a.k, (_, i) => a.k[mirror(i)]!));
        expect([...b.state]).toEqual(Array.from(a.state, (_, i) => a.state[mirror(i)]!));
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  test("after an exclusion by score at least min_active_assets are active or re-entering", () => {
    fc.assert(
      fc.property(shapes, policies, (shape, policy) => {
        const record = runSelector(randomPanels(shape), policy);
        for (const { kind, bar } of record.events) {
          if (kind !== "exclude") continue;
          const row = record.state.subarray(bar * shape.N, (bar + 1) * shape.N);
          expect(row.filter((code) => code === 0 || code === 3).length).toBeGreaterThanOrEqual(policy.minActiveAssets);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
