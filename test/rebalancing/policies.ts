/** Rebalancing policies, inputs and logs for tests; everything off that a test does not name. */
import fc from "fast-check";
import type { Axes } from "../../src/core/panel.ts";
import { createAxes } from "../../src/core/panel.ts";
import type { RebalancingPolicy } from "../../src/rebalancing/rebalancing-policy.ts";
import { planRebalancing, type RebalancingInputs, type RebalancingPlan } from "../../src/rebalancing/schedule.ts";
import { DAY, decisionsAt, flatten } from "../support/market.ts";

export const SLICES = [0.3, 0.2, 0.2, 0.2, 0.1];

/** Every asset in one nameless group unless `groupOf` says otherwise. */
export function rebalancingOf(assets: number, changes: Partial<RebalancingPolicy> = {}): RebalancingPolicy {
  return {
    trigger: "calendar",
    interval: 1,
    gate: null,
    debounceBars: 1,
    split: [1],
    groups: [],
    groupOf: new Int32Array(assets),
    ...changes,
  };
}

/** Daily bars from Wednesday 2020-01-01. */
export function daily(bars: number, assets: number): Axes {
  return createAxes(
    Array.from({ length: bars }, (_, t) => Date.UTC(2020, 0, 1) + t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
}

type Row = readonly (number | null)[];

export interface ScenarioParts {
  readonly axes?: Axes;
  /** Bar -> 1 where that bar's decision is immediate. */
  readonly immediate?: Readonly<Record<number, readonly number[]>>;
  readonly listed?: readonly Row[];
}

/** Decisions at the given bars, planned. */
export function planOf(
  bars: number,
  decisions: Readonly<Record<number, Row>>,
  policy: RebalancingPolicy,
  { axes = daily(bars, policy.groupOf.length), immediate, listed }: ScenarioParts = {},
): RebalancingPlan {
  const N = policy.groupOf.length;
  const { values: targets } = decisionsAt(axes, decisions);
  const marks = new Uint8Array(bars * N);
  for (const [t, row] of Object.entries(immediate ?? {})) marks.set(row, Number(t) * N);
  const inputs = { axes, targets, immediate: marks, listed: listed === undefined ? null : flatten(listed) };
  return planRebalancing(inputs, policy);
}

/** "bar kind scope" of every event. */
export function storyOf({ record }: RebalancingPlan): string[] {
  return record.events.map(({ bar, kind, scope }) => `${bar} ${kind} ${scope}`);
}

/** Rows in which something is traded: bar -> per asset the fraction, or "-" for hold. */
export function movesOf({ targets, moves }: RebalancingPlan): Record<number, string> {
  const N = targets.axes.assets.length;
  const rows: Record<number, string> = {};
  for (let t = 0; t < targets.axes.time.length; t++) {
    const cells = Array.from({ length: N }, (_, n) =>
      Number.isNaN(targets.values[t * N + n]!) ? "-" : String(Number(moves.fraction[t * N + n]!.toFixed(4))),
    );
    if (cells.some((cell) => cell !== "-")) rows[t] = cells.join(" ");
  }
  return rows;
}

export interface RebalancingCase {
  readonly inputs: RebalancingInputs;
  readonly policy: RebalancingPolicy;
}

const weight = fc.constantFrom(0, 0.1, 0.2, 0.3, 0.4, 0.5, -0.2);

/** Up to 30 bars and 4 assets under any policy. Some decisions stand for a while, some are immediate. */
export const rebalancingCases: fc.Arbitrary<RebalancingCase> = fc
  .record({
    T: fc.integer({ min: 0, max: 30 }),
    N: fc.integer({ min: 1, max: 4 }),
    hours: fc.constantFrom(24, 24, 6, 168),
  })
  .chain(({ T, N, hours }) => {
    const plane = <X>(cell: fc.Arbitrary<X>) => fc.array(cell, { minLength: T * N, maxLength: T * N });
    const threshold = fc.constantFrom(0, 0.05, 0.3);
    return fc
      .record({
        rows: fc.array(fc.constantFrom(0, 0, 1), { minLength: T, maxLength: T }),
        cells: plane(fc.oneof({ weight: 4, arbitrary: weight }, { weight: 1, arbitrary: fc.constant(Number.NaN) })),
        immediate: plane(fc.constantFrom(0, 0, 0, 0, 0, 0, 1)),
        listed: fc.option(plane(fc.constantFrom(1, 1, 1, Number.NaN))),
        skipped: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: T, maxLength: T }),
        trigger: fc.constantFrom("calendar" as const, "threshold" as const, "hybrid" as const),
        measure: fc.constantFrom("max" as const, "l1" as const),
        threshold,
        interval: fc.constantFrom(1, 1, 2, 5, "week" as const, "month" as const),
        debounceBars: fc.constantFrom(1, 2, 3),
        split: fc.constantFrom([1], [0.5, 0.5], [0.5, 0.3, 0.2], SLICES),
        groups: fc.constantFrom([], ["majors", "other"], ["one", "two", "three"]),
        groupOf: fc.array(fc.nat(2), { minLength: N, maxLength: N }),
      })
      .map(({ rows, cells, immediate, listed, skipped, trigger, measure, threshold, groups, groupOf, ...rest }) => {
        let time = Date.UTC(2020, 0, 1);
        const times = skipped.map((skip) => (time += (1 + skip) * hours * 3_600_000));
        const axes = createAxes(
          times,
          Array.from({ length: N }, (_, n) => `A${n}`),
        );
        const targets = Float64Array.from(cells, (x, i) => (rows[Math.floor(i / N)] === 1 ? x : Number.NaN));
        return {
          inputs: {
            axes,
            targets,
            immediate: Uint8Array.from(immediate),
            listed: listed === null ? null : Float64Array.from(listed),
          },
          policy: rebalancingOf(N, {
            ...rest,
            trigger,
            groups,
            gate: trigger === "calendar" ? null : { measure, threshold },
            groupOf: Int32Array.from(groupOf, (g) => g % Math.max(1, groups.length)),
          }),
        };
      });
  });
