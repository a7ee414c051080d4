/** ../shared/oracles/ic.json: alphalens-reloaded and scipy, labels from close to close, at the file's 1e-10. */
import { describe, expect, test } from "vitest";
import { forwardReturn, LABEL_LAGS } from "../../src/models/forward-return.ts";
import { quantileReturns, quantileTurnover, scoreQuantiles } from "../../src/models/ic-quantiles.ts";
import { rankAutocorrelation } from "../../src/models/ic-rank-autocorrelation.ts";
import { poolPairs, summariseIc } from "../../src/models/ic-summary.ts";
import { createIcSeries, informationCoefficients } from "../../src/models/information-coefficient.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

type Cells = readonly (number | null)[];
type Rows = readonly Cells[];

const TOLERANCE = 1e-10;
const number = (x: number | null | undefined): number => x ?? Number.NaN;

function agree(got: ArrayLike<number>, want: Cells, what: string): void {
  expect(got.length, what).toBe(want.length);
  for (let t = 0; t < want.length; t++) {
    const [g, w] = [got[t]!, number(want[t])];
    const same = Number.isNaN(w) ? Number.isNaN(g) : Math.abs(g - w) <= TOLERANCE;
    expect(same, `${what}, row ${t}: want ${w}, got ${g}`).toBe(true);
  }
}

describeWith("oracles/ic.json", "the reference file", () => {
  const { cases, tolerance } = readOracle("ic");

  test("asks for what is tested here", () => {
    expect(tolerance).toBe("1e-10 absolute");
    expect(cases).toHaveLength(3);
  });

  describe.each(cases as readonly { readonly name: string }[])("$name", (entry) => {
    // biome-ignore lint/suspicious/noExplicitAny: an oracle's own shape
    const { input, expected, params } = entry as any;
    const N = input.symbols.length;
    const T = input.price_dates.length;
    const plane = (rows: Rows) =>
      Float64Array.from({ length: T * N }, (_, i) => number(rows[Math.floor(i / N)]?.[i % N]));
    const scores = plane(input.score);
    const prices = plane(input.price);
    const scored = input.dates.length;
    const labelsOf = (horizon: number) => {
      const labels = new Float64Array(T * N);
      forwardReturn(prices, N, horizon, LABEL_LAGS.close, labels);
      return labels;
    };

    test("has its scores on the first price dates", () => {
      expect(input.price_dates.slice(0, scored)).toEqual(input.dates);
    });

    describe.each(params.horizons as readonly number[])("horizon %d", (horizon) => {
      const own = expected.own[`h${horizon}`];
      const series = createIcSeries(T);
      informationCoefficients(scores, labelsOf(horizon), N, series);

      test("per date: pairs, Pearson, Spearman, RMSE and agreeing signs", () => {
        expect(own.dates).toEqual(input.dates);
        agree(series.pairs.subarray(0, scored), own.n, "pairs");
        agree(series.pearson.subarray(0, scored), own.pearson_ic, "pearson");
        agree(series.spearman.subarray(0, scored), own.spearman_ic, "spearman");
        agree(series.rmse.subarray(0, scored), own.rmse, "rmse");
        agree(series.signHit.subarray(0, scored), own.sign_hit, "sign hit");
      });

      test.each(["pearson", "spearman"] as const)("summary of %s", (kind) => {
        const { dates, mean, deviation, icir, tStat, hitRatio } = summariseIc(series[kind], horizon - 1);
        const want = own.summary[kind];
        expect(dates).toBe(want.n_dates);
        agree(
          [mean, deviation, icir, tStat, hitRatio],
          [want.mean, want.std_ddof1, want.icir, want.t_stat, want.hit_ratio_gt0],
          kind,
        );
      });

      test("over all pairs", () => {
        const { pairs, rmse } = poolPairs(series);
        agree([pairs, rmse], [own.summary.n_pairs, own.summary.pooled_rmse], "pooled");
      });
    });

    // alphalens drops the dates whose quantile edges tie; so do these planes before they are compared with it.
    const { alphalens } = expected;
    const icOf = new Map<string, number | null>(
      alphalens.ic_dates.map((date: string, t: number) => [date, alphalens.spearman_ic[0][t]]),
    );
    const kept = (input.dates as string[]).map((date) => typeof icOf.get(date) === "number");
    const without = (x: Float64Array) => x.map((v, i) => (kept[Math.floor(i / N)] ? v : Number.NaN));
    const left = without(scores);
    const places = new Int32Array(T * N);
    scoreQuantiles(left, N, params.quantiles, places);
    const rowsOfAlphalens = alphalens.turnover_dates.map((date: string) => input.dates.indexOf(date));

    test("quantile of each asset on the first date", () => {
      const first = kept.indexOf(true);
      const want = new Map<string, number>(alphalens.factor_quantile_first_date);
      expect(want.size).toBeGreaterThan(5);
      input.symbols.forEach((symbol: string, n: number) => {
        expect(places[first * N + n], symbol).toBe(want.get(symbol) ?? 0);
      });
    });

    test("mean returns by quantile, raw and demeaned", () => {
      params.horizons.forEach((horizon: number, k: number) => {
        const { mean, demeaned } = quantileReturns(places, labelsOf(horizon), N, params.quantiles);
        agree(mean, alphalens.mean_return_by_quantile[k], `horizon ${horizon}`);
        agree(demeaned, alphalens.mean_return_by_quantile_demeaned[k], `horizon ${horizon}, demeaned`);
      });
    });

    test("turnover of the lowest and the highest quantile", () => {
      for (const quantile of [1, params.quantiles]) {
        const turnover = new Float64Array(T);
        quantileTurnover(places, N, quantile, turnover);
        agree(
          rowsOfAlphalens.map((t: number) => turnover[t]),
          alphalens.quantile_turnover[`q${quantile}_lag1`],
          `quantile ${quantile}`,
        );
      }
    });

    test.each([1, 5])("rank autocorrelation at lag %d", (lag) => {
      const out = new Float64Array(T);
      rankAutocorrelation(left, N, lag, out);
      const want = alphalens.rank_autocorrelation[`lag${lag}`];
      agree(
        rowsOfAlphalens.map((t: number) => out[t]),
        want,
        `lag ${lag}`,
      );
    });
  });
});
