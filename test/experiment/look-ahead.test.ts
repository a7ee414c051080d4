/** The proof itself: it must find what reads ahead, name it, and pass what does not. */
import { describe, expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { createRng } from "../../src/core/rng.ts";
import type { DecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { NO_EXTENSIONS } from "../../src/experiment/extensions.ts";
import { proveNoLookAhead, type StageRun } from "../../src/experiment/look-ahead.ts";
import { DAY, marketOn } from "../support/market.ts";

const BARS = 60;
const ASSETS = ["A", "B"];

function inputs(): DecisionInputs {
  const rng = createRng(3);
  const axes = createAxes(
    Array.from({ length: BARS }, (_, t) => t * DAY),
    ASSETS,
  );
  const close = Float64Array.from({ length: BARS * 2 }, () => 100 + rng.normal());
  return {
    market: marketOn(axes, close, close),
    periodsPerYear: 252,
    fundingRate: null,
    fromFile: null,
    posterior: null,
    linearProgram: null,
    extensions: NO_EXTENSIONS,
  };
}

const prove = (run: StageRun, count = 6) => proveNoLookAhead(run, inputs(), { count, rng: createRng(1) });

/** close[t + ahead], NaN where there is none. */
function shifted(close: ArrayLike<number>, ahead: number): Float64Array {
  return Float64Array.from({ length: close.length }, (_, i) => close[i + 2 * ahead] ?? Number.NaN);
}

describe("the look-ahead proof", () => {
  test("passes what reads its own bar and earlier ones", async () => {
    const report = await prove(({ market }) => [
      { stage: "features", column: "lag_5", values: shifted(market.close as Float64Array, -5) },
      { stage: "signal", column: "strength", values: market.close },
    ]);
    expect(report.leak).toBe(null);
    expect(report.cuts).toHaveLength(6);
    expect(Math.min(...report.cuts)).toBeGreaterThanOrEqual(5);
    expect(report.compared).toBe(report.cuts.reduce((sum, cut) => sum + 2 * 2 * (cut + 1), 0));
  });

  test("catches a feature shifted one bar too far, and names it before what comes of it", async () => {
    const { leak } = await prove(({ market }) => [
      { stage: "features", column: "honest", values: market.close },
      { stage: "features", column: "next_close", values: shifted(market.close as Float64Array, 1) },
      { stage: "allocation", column: "target", values: shifted(market.close as Float64Array, 1) },
    ]);
    expect(leak).toMatchObject({ stage: "features", column: "next_close", asset: 0, known: Number.NaN });
    expect(leak!.bar).toBe(leak!.cut);
  });

  test("catches a scaler fitted on all rows from the first bar on", async () => {
    const { leak } = await prove(({ market }) => {
      const all = Array.from(market.close as Float64Array);
      const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
      return [{ stage: "models", column: "ridge", values: Float64Array.from(all, (x) => x - mean) }];
    });
    expect(leak).toMatchObject({ stage: "models", column: "ridge", bar: 0, asset: 0 });
  });

  test("catches a state decided by the last row of the data", async () => {
    const { leak } = await prove(({ market }) => {
      const state = new Uint8Array(market.close.length);
      const last = market.close.length - 1;
      for (let i = 0; i <= last; i++) state[i] = market.close[last]! > 100 ? 1 : 0;
      return [{ stage: "selection", column: "state", values: state }];
    }, 30);
    expect(leak).toMatchObject({ stage: "selection", column: "state", bar: 0 });
  });

  test("catches a sign of zero and a plane that is not always there", async () => {
    const zero = await prove(({ market }) => [
      {
        stage: "s",
        column: "zero",
        values: new Float64Array(market.close.length).fill(market.close.length > 119 ? 0 : -0),
      },
    ]);
    expect(zero.leak).toMatchObject({ column: "zero", whole: 0, known: -0 });
    const gone = await prove(({ market }) =>
      market.close.length < 2 * BARS ? [] : [{ stage: "s", column: "late", values: market.close }],
    );
    expect(gone.leak).toMatchObject({ column: "late" });
  });
});
