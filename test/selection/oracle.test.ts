/** The reference run of eight assets over 400 bars, and the record's own consistency on it. */
import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { NOT_LISTED, SELECTOR_STATES, type SelectionEventKind } from "../../src/core/selection-record.ts";
import { rampPositions, runSelector } from "../../src/selection/run-selector.ts";
import { scorePanels } from "../../src/selection/score.ts";
import { flatten } from "../support/market.ts";
import { describeWith, readOracle } from "../support/oracle.ts";
import { oraclePolicy } from "./cases.ts";

interface ReferenceCase {
  readonly params: Readonly<Record<string, number>>;
  readonly periods_per_year: number;
  readonly input: { readonly symbols: string[]; readonly dates: string[]; readonly close: (number | null)[][] };
  readonly expected: {
    readonly state: (number | null)[][];
    readonly k: number[][];
    readonly score: (number | null)[][];
    readonly transitions_count: Readonly<Record<string, number>>;
  };
}

describeWith("oracles/asset_selector.json", "the reference selector", () => {
  const { cases } = readOracle("asset_selector");
  test.each(cases as ReferenceCase[])("$name", ({ params, periods_per_year, input, expected }) => {
    const axes = createAxes(
      input.dates.map((date: string) => Date.parse(date)),
      input.symbols,
    );
    const policy = oraclePolicy(params, periods_per_year);
    const panels = scorePanels({ axes, close: flatten(input.close) }, policy.scoring);
    const record = runSelector(panels, policy);

    const state = expected.state.flat().map((code: number | null) => code ?? NOT_LISTED);
    expect([...record.state]).toEqual(state);
    expect([...record.k]).toEqual(expected.k.flat());
    const scores = flatten(expected.score);
    let furthest = 0;
    for (const [i, want] of scores.entries()) {
      expect(Number.isNaN(record.score[i]!)).toBe(Number.isNaN(want));
      if (want === want) furthest = Math.max(furthest, Math.abs(record.score[i]! - want));
    }
    expect(furthest).toBeLessThan(1e-9);

    const count = (kind: SelectionEventKind) => record.events.filter((event) => event.kind === kind).length;
    const { hard, held, ...others } = expected.transitions_count;
    expect({ hard: count("hard_exclusion"), held: count("held_by_min_active") }).toEqual({ hard, held });
    for (const [kind, times] of Object.entries(others))
      expect([kind, count(kind as SelectionEventKind)]).toEqual([kind, times]);

    const lean = new Uint8Array(record.k.length).fill(99);
    rampPositions(panels, policy, lean);
    expect(lean).toEqual(record.k);
    for (const { bar, asset, from, to } of record.events) {
      if (asset < 0) continue;
      const cell = bar * axes.assets.length + asset;
      expect(SELECTOR_STATES[record.state[cell]!]).toBe(to);
      expect(SELECTOR_STATES[record.state[cell - axes.assets.length]!]).toBe(from);
    }
  });
});
