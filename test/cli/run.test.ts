import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { describeWith, sharedPath } from "../support/oracle.ts";

const experiments = fileURLToPath(new URL("../../experiments/", import.meta.url));
const quickstart = join(experiments, "quickstart.yaml");
const FILES = [
  "config.yaml",
  "equity.csv",
  "fills.csv",
  "ledger.csv",
  "report.html",
  "result.json",
  "targets.csv",
  "timings.json",
  "trades.csv",
  "trades_fifo.csv",
  "weights.csv",
];

describe("run", () => {
  test("quickstart ends with a summary within 80 columns and the path of a report", async () => {
    const out = tempDir();
    const result = await runCli("run", quickstart, "--out", out);
    expect(result.code).toBe(0);
    expect(result.out).toContain("inverse_volatility");
    expect(result.out).toContain("synthetic");
    expect(result.out.trimEnd().split("\n").at(-1)).toBe(`report  ${join(out, "report.html")}`);
    expect(result.out).toMatch(/95% intervals \(bootstrap\): CAGR -?[\d.]+% to/);
    const wide = `${result.out}\n${result.err}`
      .split("\n")
      .filter((line) => line.length > 80 && !line.startsWith("report"));
    expect(wide).toEqual([]);
    expect(readdirSync(out).sort()).toEqual(FILES);
  });

  test("the same experiment gives the same bytes, timings aside", async () => {
    const [a, b] = [tempDir(), tempDir()];
    const small = ["--set", "data.sample_bars=300", "--set", "data.sample_assets=5"];
    await runCli("run", quickstart, ...small, "--out", a);
    await runCli("run", quickstart, ...small, "--out", b);
    for (const file of FILES.filter((name) => name !== "timings.json"))
      expect(readFileSync(join(a, file)).equals(readFileSync(join(b, file))), file).toBe(true);
  });

  test("--json puts one object on stdout whose numbers are those of result.json", async () => {
    const out = tempDir();
    const { code, out: text } = await runCli(
      "run",
      quickstart,
      "--set",
      "data.sample_bars=300",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    const printed = JSON.parse(text);
    const saved = JSON.parse(readFileSync(join(out, "result.json"), "utf8"));
    expect(printed.metrics).toEqual(saved.metrics);
    expect(saved.provenance).toMatchObject({
      seed: 7,
      config_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      data_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(saved.data_quality.assets).toBe(20);
  });

  test("the resolved config runs again to the same equity", async () => {
    const [a, b] = [tempDir(), tempDir()];
    await runCli("run", quickstart, "--set", "data.sample_bars=300", "--out", a);
    const again = await runCli("run", join(a, "config.yaml"), "--out", b);
    expect(again.code).toBe(0);
    const files = ["config.yaml", "result.json"].map((name) =>
      [a, b].map((dir) => readFileSync(join(dir, name), "utf8")),
    );
    for (const [first, second] of files) expect(second).toBe(first);
    expect(readFileSync(join(b, "equity.csv"), "utf8")).toBe(readFileSync(join(a, "equity.csv"), "utf8"));
  });

  test("the resolved config of a preset names no preset and runs again to the same id and bytes", async () => {
    const [a, b] = [tempDir(), tempDir()];
    const file = tempFile(
      "x.yaml",
      "name: x\ndata: {sample_bars: 120, sample_assets: 3}\nportfolio: {preset: conservative, stops: {atr_multiple: 50}}\n",
    );
    const first = await runCli("run", file, "--set", "portfolio.preset=aggressive", "--out", a, "--json");
    const again = await runCli("run", join(a, "config.yaml"), "--out", b, "--json");
    expect([first.code, again.code]).toEqual([0, 0]);
    expect(JSON.parse(again.out).id).toBe(JSON.parse(first.out).id);
    const config = readFileSync(join(a, "config.yaml"), "utf8");
    expect(config).not.toContain("preset");
    expect(config).toContain("flat_bars: forever");
    expect(config).toContain("atr_bars: 14");
    for (const name of FILES.filter((each) => each !== "timings.json"))
      expect(readFileSync(join(b, name)).equals(readFileSync(join(a, name))), name).toBe(true);
  });

  test("the benchmark has the costs of the strategy and none of its stops, margin and guards", async () => {
    const run = async (portfolio: string) => {
      const head = "name: x\ndata: {sample_bars: 300, sample_assets: 3}\nbenchmark: {method: equal_weight}\n";
      const file = tempFile("x.yaml", `${head}portfolio: {max_leverage_cap: 2, ${portfolio}}\n`);
      return JSON.parse((await runCli("run", file, "--out", tempDir(), "--json")).out);
    };
    const plain = await run("");
    const guarded = await run(
      "stops: {stop_loss: 0.02}, margin: {initial: 0.5, maintenance: 0.1}, kill_switch: {drawdown: 0.01}",
    );
    expect(guarded.metrics.total_return).not.toBe(plain.metrics.total_return);
    expect(guarded.metrics.round_trips).toBeGreaterThan(0);
    expect(guarded.benchmark.metrics).toEqual(plain.benchmark.metrics);
    expect(plain.benchmark.metrics.total_return).toBe(plain.metrics.total_return);
  });

  test("targets.csv executed by backtest on the written sample gives the same equity", async () => {
    const [a, b] = [tempDir(), tempDir()];
    const prices = join(tempDir(), "sample.csv");
    await runCli("run", quickstart, "--set", "data.sample_bars=300", "--out", a);
    await runCli("data", "sample", "--out", prices, "--bars", "300");
    const costs = ["--fee-rate", "0.001", "--slippage", "0.0005", "--max-leverage", "1"];
    const { code } = await runCli(
      "backtest",
      "--prices",
      prices,
      "--weights",
      join(a, "targets.csv"),
      ...costs,
      "--out",
      b,
    );
    expect(code).toBe(0);
    const equity = (dir: string) =>
      readFileSync(join(dir, "equity.csv"), "utf8")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => Number(line.split(",")[1]));
    const [want, got] = [equity(a), equity(b)];
    expect(got.length).toBe(want.length);
    for (const [t, value] of got.entries()) expect(Math.abs(value - want[t]!)).toBeLessThanOrEqual(1e-9 * want[t]!);
  });

  test("backtest writes the account and its trades, matched both ways", async () => {
    const rows = [10, 10, 12, 15].map((price, d) => `2020-01-0${d + 1},A,${price},${price},${price},${price}\n`);
    const prices = tempFile("p.csv", `date,symbol,open,high,low,close\n${rows.join("")}`);
    const weights = tempFile("w.csv", "date,A\n2020-01-01,0.5\n2020-01-02,0.75\n2020-01-03,0\n");
    const out = tempDir();
    const { code } = await runCli(
      ...["backtest", "--prices", prices, "--weights", weights, "--initial-cash", "1000", "--out", out],
    );
    expect(code).toBe(0);
    const files = ["equity.csv", "fills.csv", "summary.json", "trades.csv", "trades_fifo.csv", "weights.csv"];
    expect(readdirSync(out).sort()).toEqual(files);
    const lines = (name: string) => readFileSync(join(out, name), "utf8").trimEnd().split("\n").slice(1);
    // 50 units at 10; at 12 the book is worth 1100, of which 0.75 is 68.75 units; all sold at 15. In 500 + 225 = 725,
    // out 1031.25; the second lot of 18.75 makes 3 each. 725 / 68.75 and 306.25 / 725 do not end.
    const [first, second] = ["2020-01-02,2020-01-04,A,long", "2020-01-03,2020-01-04,A,long"];
    const mean = 725 / 68.75;
    expect(lines("trades.csv")).toEqual([
      `${first},68.75,${mean},15,target,2,306.25,${306.25 / 725},0,${10 / mean - 1},${15 / mean - 1}`,
    ]);
    expect(lines("trades_fifo.csv")).toEqual([
      `${first},50,10,15,target,2,250,0.5,0,0,0.5`,
      `${second},18.75,12,15,target,1,56.25,0.25,0,0,0.25`,
    ]);
  });

  test("shuffled rows give the same result as sorted ones", async () => {
    const sorted = join(tempDir(), "sample.csv");
    await runCli("data", "sample", "--out", sorted, "--bars", "80", "--assets", "4");
    const [header, ...rows] = readFileSync(sorted, "utf8").trimEnd().split("\n");
    const shuffled = tempFile(
      "sample.csv",
      `${[header, ...rows.toSorted((x, y) => (x.slice(7) < y.slice(7) ? 1 : -1))].join("\n")}\n`,
    );
    const results = [];
    for (const prices of [sorted, shuffled]) {
      const out = tempDir();
      const file = tempFile(
        "x.yaml",
        `name: x\ndata: {path: ${prices}}\nallocation: {method: inverse_volatility, lookback_bars: 10}\n`,
      );
      await runCli("run", file, "--out", out);
      results.push(["equity.csv", "weights.csv", "fills.csv"].map((name) => readFileSync(join(out, name), "utf8")));
    }
    expect(results[0]).toEqual(results[1]);
  });

  test("a weights file is a signal of its own", async () => {
    const prices = tempFile(
      "p.csv",
      "date,symbol,open,high,low,close\n2020-01-01,A,10,10,10,10\n2020-01-02,A,10,20,10,20\n",
    );
    const weights = tempFile("w.csv", "date,A\n2020-01-01,0.5\n");
    const file = tempFile(
      "x.yaml",
      `name: x\ndata: {path: ${prices}}\nsignal: {kind: weights, path: ${weights}}\nportfolio: {initial_cash: 1000, cost_model: {fee_bps: 0, slippage_bps: 0}}\n`,
    );
    const { code, out } = await runCli("run", file, "--out", tempDir(), "--json");
    expect(code).toBe(0);
    // 50 units from 10 to 20: 1000 -> 1500
    expect(JSON.parse(out).metrics.total_return).toBeCloseTo(0.5, 12);
  });
});

describe("runs in which little happens say so", () => {
  const run = async (prices: string, extra = "") => {
    const file = tempFile("x.yaml", `name: x\ndata: {path: ${tempFile("p.csv", prices)}}\n${extra}`);
    const { code, out } = await runCli("run", file, "--out", tempDir(), "--json");
    expect(code).toBe(0);
    return JSON.parse(out);
  };
  const HEAD = "date,symbol,open,high,low,close\n";

  test("no price at all, and one bar only", async () => {
    const blank = await run(`${HEAD}2020-01-01,A,,,,\n2020-01-02,A,,,,\n`);
    expect(blank.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/no bar had a decision/),
        expect.stringMatching(/nothing was ever traded/),
      ]),
    );
    const single = await run(`${HEAD}2020-01-01,A,1,1,1,1\n`);
    expect(single.warnings).toContainEqual(expect.stringMatching(/one bar only/));
  });

  test("a benchmark that is listed later than the strategy starts, and one of the same name", async () => {
    const rows = [1, 2, 3].map((d) => `2020-01-0${d},A,1,1,1,1\n${d > 1 ? `2020-01-0${d},B,1,1,1,1\n` : ""}`).join("");
    const late = await run(HEAD + rows, "benchmark: {symbol: B}\n");
    expect(late.warnings).toContainEqual(expect.stringMatching(/^the benchmark's first decision is at 2020-01-02/));
    const same = await run(HEAD + rows, "benchmark: {method: equal_weight}\n");
    expect([same.label, same.benchmark.label]).toEqual(["equal_weight", "equal_weight (benchmark)"]);
  });
});

describeWith("data/sp500_5yr_daily.parquet", "real prices", () => {
  test("S&P 500: the run finishes and its data-quality table names the known flaws", async () => {
    const out = tempDir();
    const path = sharedPath("data/sp500_5yr_daily.parquet");
    const { code } = await runCli(
      "run",
      join(experiments, "sp500-equal-weight.yaml"),
      "--set",
      `data.path=${path}`,
      "--out",
      out,
    );
    expect(code).toBe(0);
    const { data_quality: quality, metrics } = JSON.parse(readFileSync(join(out, "result.json"), "utf8"));
    expect([quality.bars, quality.assets]).toEqual([1259, 505]);
    const of = (symbol: string) => quality.per_asset.find((asset: { symbol: string }) => asset.symbol === symbol);
    expect(of("VRTX").missing_opens).toEqual(["2015-05-12"]);
    expect(of("DHR").missing_opens).toEqual(["2015-07-17", "2016-01-12"]);
    expect(quality.per_asset.filter((asset: { late_listing: boolean }) => asset.late_listing)).toHaveLength(29);
    expect(quality.per_asset.filter((asset: { delisted: boolean }) => asset.delisted)).toEqual([]);
    const holes = quality.per_asset.filter((asset: { missing_bars: number }) => asset.missing_bars > 0);
    expect(holes.map((asset: { symbol: string }) => asset.symbol)).toEqual(["BMY", "DHR", "ES", "ICE", "O", "ORCL"]);
    expect(quality.thinnest).toEqual({ date: "2013-04-26", assets: 472 });
    expect(quality.ohlc_violations).toHaveLength(12);
    const moves = quality.suspicious_moves.map(
      (move: { date: string; symbol: string }) => `${move.symbol} ${move.date}`,
    );
    expect(moves).toEqual(
      expect.arrayContaining(["VRTX 2013-04-19", "NI 2015-07-02", "LNT 2016-05-20", "EBAY 2015-07-20"]),
    );
    expect(quality.notes.join(" ")).toMatch(/surviv/i);
    expect(metrics.cagr).toBeGreaterThan(0);
    expect(existsSync(join(out, "report.html"))).toBe(true);
    const { warnings } = JSON.parse(readFileSync(join(out, "result.json"), "utf8"));
    // 30 of 60 returns are its minimum history, looked for every 21 bars from bar 0 on
    expect(warnings).toContainEqual(
      expect.stringMatching(/^the benchmark's first decision is at 2013-04-11 \(bar 42\)/),
    );
  });

  test("crypto: the run finishes and its data-quality table names holes, listings and zero volume", async () => {
    const out = tempDir();
    const path = sharedPath("data/crypto_daily.csv");
    const { code } = await runCli(
      "run",
      join(experiments, "crypto-inverse-volatility.yaml"),
      "--set",
      `data.path=${path}`,
      "--out",
      out,
    );
    expect(code).toBe(0);
    const check = await runCli("data", "check", path, "--json");
    const quality = JSON.parse(check.out);
    const of = (symbol: string) => quality.per_asset.find((asset: { symbol: string }) => asset.symbol === symbol);
    expect(quality.assets).toBe(23);
    expect([of("USDT").missing_bars, of("XMR").missing_bars]).toEqual([5, 1]);
    expect([of("DOGE").first, of("AAVE").first]).toEqual(["2013-12-16", "2020-10-05"]);
    expect([of("BTC").zero_volume_bars, of("LTC").zero_volume_bars]).toEqual([242, 242]);
    expect(of("XRP").zero_volume_bars).toBe(144);
    const zero = quality.zero_extras.map(
      (extra: { column: string; symbol: string }) => `${extra.column} ${extra.symbol}`,
    );
    expect(zero).toEqual(
      expect.arrayContaining(
        ["ATOM", "CRO", "DOT", "EOS", "SOL", "TRX", "USDC", "WBTC"].map((symbol) => `marketcap ${symbol}`),
      ),
    );
    const beyond60 = quality.suspicious_moves.filter((move: { move: number }) => Math.abs(move.move) > 0.6);
    expect(beyond60).toHaveLength(41);
  });
});
