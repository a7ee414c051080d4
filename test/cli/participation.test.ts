/** Selector, signals and schedule through the command line, and the shipped experiments that use them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { describeWith, sharedPath } from "../support/oracle.ts";

const EXPERIMENTS = "experiments";

function lines(out: string, file: string): string[] {
  return readFileSync(join(out, file), "utf8").trimEnd().split("\n");
}

describe("selector-thresholds.yaml", () => {
  test("runs, and its report and files show who took part and why", async () => {
    const out = tempDir();
    const { code, out: said } = await runCli("run", `${EXPERIMENTS}/selector-thresholds.yaml`, "--out", out, "--json");
    expect(code).toBe(0);
    const summary = JSON.parse(said) as { label: string; selection: { events: Record<string, number> } };
    expect(summary.label).toBe("inverse_volatility, selector");
    expect(summary.selection.events.exclude).toBeGreaterThan(0);
    const report = readFileSync(join(out, "report.html"), "utf8");
    for (const id of ["figure-selector-timeline", "figure-multiplier-ramps", "figure-planned-executed"])
      expect(report).toContain(`id="${id}"`);
    const selection = lines(out, "selection.csv");
    expect(selection[0]).toBe("date,symbol,state,k,multiplier,score,sharpe,drawdown,reason");
    expect(selection).toHaveLength(1 + 2520 * 20);
  });

  test("the selector's states are those of `ballast select` on the same prices", async () => {
    const out = tempDir();
    const prices = join(tempDir(), "sample.csv");
    const file = join(out, "select.csv");
    await runCli("data", "sample", "--out", prices, "--seed", "7");
    const config = `${EXPERIMENTS}/selector-thresholds.yaml`;
    expect((await runCli("run", config, "--out", out)).code).toBe(0);
    const selected = await runCli(
      "select",
      "--prices",
      prices,
      "--config",
      config,
      "--periods-per-year",
      "252",
      "--out",
      file,
    );
    expect(selected.code).toBe(0);
    const states = (rows: string[]) => rows.map((row) => row.split(",").slice(0, 5).join(","));
    expect(states(lines(out, "select.csv"))).toEqual(states(lines(out, "selection.csv")));
  });
});

describe("a schedule", () => {
  test("is logged slice by slice, and its files say what was traded how far", async () => {
    const out = tempDir();
    const yaml = tempFile(
      "sliced.yaml",
      "name: sliced\ndata: {sample_assets: 4, sample_bars: 200}\nallocation: {rebalance_bars: 50}\nrebalancing: {split: [0.5, 0.5]}\n",
    );
    expect((await runCli("run", yaml, "--out", out)).code).toBe(0);
    const [header, ...events] = lines(out, "schedule.csv");
    expect(header).toBe("date,scope,event,detail");
    expect(events.filter((row) => row.includes(",slice,"))).toHaveLength(2 * 4);
    const cells = (file: string) =>
      lines(out, file)
        .slice(1)
        .map((row) => row.split(",").slice(1));
    const traded = cells("traded_targets.csv");
    const fraction = cells("move_fraction.csv");
    expect(fraction[0]).toEqual(traded[0]!.map((cell) => (cell === "" ? "" : "0.5")));
    expect(fraction[1]).toEqual(traded[1]!.map((cell) => (cell === "" ? "" : "1")));
    expect(traded[2]!.every((cell) => cell === "")).toBe(true);
  });
});

describeWith("data/crypto_daily.csv", "tsmom-crypto.yaml", () => {
  test("runs on real coins and its report shows the timeline", async () => {
    const out = tempDir();
    const { code, out: said } = await runCli(
      "run",
      `${EXPERIMENTS}/tsmom-crypto.yaml`,
      "--set",
      `data.path=${sharedPath("data/crypto_daily.csv")}`,
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    expect((JSON.parse(said) as { label: string }).label).toBe("tsmom, equal_weight, selector");
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain('id="figure-selector-timeline"');
  });
});

/** What takes minutes as it is: every cut trains all models again. */
const LIGHTER: Readonly<Record<string, readonly string[]>> = {
  "sp500-two-track-l5.yaml": [
    "data.symbols=[AAPL, CVX, GE, IBM, JPM, KO, MSFT, PFE, PG, T, WMT, XOM]",
    "l5.model_type=ridge",
  ],
  "model-comparison.yaml": ["l5.model_type=[ridge, xgboost]"],
};

describe("no shipped experiment looks ahead", () => {
  for (const file of readdirSync(EXPERIMENTS).filter((name) => name.endsWith(".yaml"))) {
    const named = /path: (data\/\S+)/.exec(readFileSync(join(EXPERIMENTS, file), "utf8"))?.[1];
    const moved = named === undefined ? [] : ["--set", `data.path=${sharedPath(named)}`];
    if (named !== undefined && !existsSync(sharedPath(named))) {
      test.skip(`${file}, skipped: ../shared/${named} is absent`);
      continue;
    }
    test(file, async () => {
      const lighter = (LIGHTER[file] ?? []).flatMap((change) => ["--set", change]);
      const { code, out } = await runCli("lookahead", join(EXPERIMENTS, file), "--cuts", "1", ...moved, ...lighter);
      expect(out).toContain("no look-ahead found");
      expect(code).toBe(0);
    }, 120_000);
  }
});

test("a feature of a column the data lack is refused with the line of the experiment", async () => {
  const yaml = tempFile(
    "x.yaml",
    "name: x\ndata: {sample_assets: 4, sample_bars: 120}\nfeatures:\n  - {name: momentum}\n  - {name: column, column: news}\n",
  );
  const { code, err } = await runCli("run", yaml, "--out", tempDir());
  expect(code).toBe(2);
  expect(err).toMatch(
    /x\.yaml:5 features\.1\.column: the data have no such column, only .*, got "news", did you mean "news_sentiment"\?\n$/,
  );
});
