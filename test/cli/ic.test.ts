import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

type Rows = readonly (readonly (number | null)[])[];

function wide(dates: readonly string[], symbols: readonly string[], rows: Rows): string {
  const lines = rows.map((row, t) => [dates[t], ...row.map((x) => x ?? "")].join(","));
  return tempFile("scores.csv", `${["date", ...symbols].join(",")}\n${lines.join("\n")}\n`);
}

/** Opens a tenth above closes, so that the two kinds of label cannot be mistaken for each other. */
function long(dates: readonly string[], symbols: readonly string[], closes: Rows, opens: Rows): string {
  const lines = closes.flatMap((row, t) =>
    row.flatMap((close, n) => {
      const open = opens[t]![n]!;
      return close === null
        ? []
        : [[dates[t], symbols[n], open, Math.max(open, close), Math.min(open, close), close].join(",")];
    }),
  );
  return tempFile("prices.csv", `date,symbol,open,high,low,close\n${lines.join("\n")}\n`);
}

const DATES = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"];
const SYMBOLS = ["A", "B", "C"];
/** Open to open from bar 1 to 2: A +10%, B +20%, C +30%; from 2 to 3: C first, A last; from 3 to 4 nothing moves. */
const OPENS = [
  [10, 10, 10],
  [10, 10, 10],
  [11, 12, 13],
  [11, 18, 26],
  [11, 18, 26],
];
/** Close to close the other way round from bar 0 to 1. */
const CLOSES = [
  [10, 10, 10],
  [13, 12, 11],
  [13, 12, 11],
  [13, 12, 11],
  [13, 12, 11],
];
const prices = long(DATES, SYMBOLS, CLOSES, OPENS);
const scores = wide(DATES, SYMBOLS, [
  [1, 2, 3],
  [3, 2, 1],
  [1, 2, 3],
  [null, null, null],
  [1, 2, 3],
]);
const ic = (...args: readonly string[]) =>
  runCli("ic", "--scores", scores, "--prices", prices, "--horizon", "1", ...args);

describe("ballast ic", () => {
  test("holds scores against returns from the next open on, and says which dates have none", async () => {
    const { code, out, err } = await ic("--json");
    expect([code, err]).toEqual([0, ""]);
    const result = JSON.parse(out);
    expect(result.dates).toEqual(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05"]);
    expect(result.rank_ic).toEqual([1, -1, null, null]);
    expect(result.dropped).toEqual([
      { date: "2024-01-03", reason: "constant_labels" },
      { date: "2024-01-05", reason: "no_labels" },
    ]);
    expect(result).toMatchObject({ dates_counted: 2, mean_rank_ic: 0, rank_hit_ratio: 0.5, newey_west_lag: 0 });
    // scores are all above 0: returns of 3 of 3, then of B and C, then of none
    expect(result.sign_hit).toBeCloseTo(5 / 9, 12);
  });

  test("with --label close holds them against what nobody can trade", async () => {
    const result = JSON.parse((await ic("--json", "--label", "close")).out);
    expect(result.rank_ic).toEqual([-1, null, null, null]);
  });

  test("prints a table within 80 columns, and what was left out", async () => {
    const { code, out } = await ic("--quantiles", "3");
    expect(code).toBe(0);
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^Mean +0\.0000 +0\.0000$/m);
    expect(out).toContain("1-bar returns open to open");
    expect(out).toContain("left out: 1 date, constant labels (2024-01-03)");
    expect(out).toMatch(/^3 \(high\)/m);
  });

  test("counts turnover and autocorrelation over scored dates: the date without scores is passed over", async () => {
    const result = JSON.parse((await ic("--json", "--quantiles", "3")).out);
    expect(result.rank_autocorrelation_by_date).toEqual([null, -1, -1, 1]);
    expect(result.quantile_turnover).toEqual([2 / 3, 0, 2 / 3]);
    expect(result.quantile_dates).toEqual([3, 3, 3]);
    // A, C, A hold the lowest scores: +10%, +100%, 0
    expect(result.quantile_mean_returns[0]).toBeCloseTo((0.1 + 1 + 0) / 3, 12);
  });
});

describe("ballast ic on bad input says so in one line", () => {
  const bad = (...args: readonly string[]) => runCli("ic", ...args);
  const folder = tempDir();
  test.each([
    ["a missing score file", ["--scores", "nope.csv", "--prices", prices, "--horizon", "1"], /nope\.csv: no such file/],
    ["a missing price file", ["--scores", scores, "--prices", "nope.csv", "--horizon", "1"], /nope\.csv: no such file/],
    ["a directory", ["--scores", folder, "--prices", prices, "--horizon", "1"], /directory/],
    ["no horizon", ["--scores", scores, "--prices", prices], /--horizon/],
    ["a horizon of 0", ["--scores", scores, "--prices", prices, "--horizon", "0"], /--horizon.*at least 1/],
    ["half a horizon", ["--scores", scores, "--prices", prices, "--horizon", "1.5"], /--horizon.*whole/],
    [
      "a horizon beyond the data: of 5 bars the label of bar 0 ends at bar 1 + h <= 4",
      ["--scores", scores, "--prices", prices, "--horizon", "4"],
      /--horizon: no label ends within the 5 bars.*at most 3, got 4/,
    ],
    ["one quantile", ["--scores", scores, "--prices", prices, "--horizon", "1", "--quantiles", "1"], /--quantiles/],
    [
      "an unknown label",
      ["--scores", scores, "--prices", prices, "--horizon", "1", "--label", "mid"],
      /--label.*open, close/,
    ],
    [
      "a symbol without prices",
      ["--scores", tempFile("s.csv", "date,AA\n2024-01-01,1\n"), "--prices", prices, "--horizon", "1"],
      /AA.*no such symbol.*did you mean "A"/,
    ],
    [
      "a date without a bar",
      ["--scores", tempFile("s.csv", "date,A\n2024-02-01,1\n"), "--prices", prices, "--horizon", "1"],
      /s\.csv:2 2024-02-01: the market has no bar/,
    ],
    [
      "text for a score",
      ["--scores", tempFile("s.csv", "date,A\n2024-01-01,high\n"), "--prices", prices, "--horizon", "1"],
      /s\.csv:2.*A.*"high"/,
    ],
    [
      "no score at all",
      ["--scores", tempFile("s.csv", "date,A\n2024-01-01,\n"), "--prices", prices, "--horizon", "1"],
      /has no score in any cell/,
    ],
    [
      "an infinite score",
      ["--scores", tempFile("s.csv", "date,A\n2024-01-01,inf\n"), "--prices", prices, "--horizon", "1"],
      /s\.csv:2 A.*inf/i,
    ],
  ])("%s", async (_, args, says) => {
    const { code, out, err } = await bad(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd().split("\n"), err).toHaveLength(1);
    expect(err).toMatch(says);
  });

  test("closes alone have close labels and no open ones", async () => {
    const closes = tempFile(
      "closes.csv",
      `date,symbol,open,high,low,close\n${DATES.map((date) => `${date},A,,,,10`).join("\n")}\n`,
    );
    const own = tempFile("s.csv", "date,A\n2024-01-01,1\n");
    const open = await bad("--scores", own, "--prices", closes, "--horizon", "1");
    expect([open.code, open.err]).toEqual([2, expect.stringContaining("has no open price, which the labels need")]);
    const close = await bad("--scores", own, "--prices", closes, "--horizon", "1", "--label", "close");
    expect(close.code).toBe(0);
    expect(close.out).toContain("left out: 1 date, too few pairs (2024-01-01)");
  });
});

describeWith("oracles/ic.json", "ballast ic --label close equals the reference file", () => {
  // biome-ignore lint/suspicious/noExplicitAny: an oracle's own shape
  const { cases } = readOracle("ic") as { cases: any[] };
  test.each(cases.map((entry) => [entry.name, entry] as const))("%s", async (_, { input, expected, params }) => {
    const horizon = params.horizons[1];
    const own = expected.own[`h${horizon}`];
    const { code, out } = await runCli(
      "ic",
      "--scores",
      wide(input.dates, input.symbols, input.score),
      "--prices",
      long(input.price_dates, input.symbols, input.price, input.price),
      ...["--horizon", String(horizon), "--label", "close", "--quantiles", String(params.quantiles), "--json"],
    );
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.dates).toEqual(own.dates);
    const { pearson, spearman, pooled_rmse, n_pairs } = own.summary;
    const pairs: [number[], number[]][] = [
      [result.ic, own.pearson_ic],
      [result.rank_ic, own.spearman_ic],
      [result.rmse_by_date, own.rmse],
      [result.sign_hit_by_date, own.sign_hit],
      [
        [result.mean_ic, result.std_ic, result.icir],
        [pearson.mean, pearson.std_ddof1, pearson.icir],
      ],
      [
        [result.t_stat, result.hit_ratio, result.rmse],
        [pearson.t_stat, pearson.hit_ratio_gt0, pooled_rmse],
      ],
      [
        [result.mean_rank_ic, result.rank_icir, result.rank_t_stat],
        [spearman.mean, spearman.icir, spearman.t_stat],
      ],
      [[result.pairs_counted], [n_pairs]],
    ];
    for (const [got, want] of pairs)
      want.forEach((x, t) => {
        expect(Math.abs(got[t]! - x)).toBeLessThanOrEqual(1e-10);
      });
    if (!params.ties)
      expected.alphalens.mean_return_by_quantile[1].forEach((x: number, q: number) => {
        expect(Math.abs(result.quantile_mean_returns[q] - x)).toBeLessThanOrEqual(1e-10);
      });
  });
});
