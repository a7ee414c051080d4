/** `ballast backtest`: prices and target weights from files, the account into a folder. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { alignTargets } from "../../data/align.ts";
import { writeAtomically } from "../../data/atomic-file.ts";
import { loadMarket } from "../../data/market.ts";
import { loadWide } from "../../data/wide-csv.ts";
import { makeFolder } from "../../data/writable-folder.ts";
import { CASH_SHORTFALLS, type ExecutionPolicy, SIZINGS } from "../../execution/policy.ts";
import { simulate } from "../../execution/reference.ts";
import { writeEquity, writeFills, writeTrades, writeWeights } from "../../experiment/account-files.ts";
import { executionPolicy } from "../../experiment/execution-policy.ts";
import { jsonForm } from "../../experiment/json-form.ts";
import { defaultPortfolio } from "../../experiment/schema.ts";
import { runWarnings } from "../../experiment/warnings.ts";
import { accountMetrics } from "../../metrics/summary.ts";
import { renderMetrics } from "../../metrics/summary-text.ts";
import { trades } from "../../metrics/trades.ts";
import { optionNumber } from "../option-number.ts";
import { optionPath } from "../option-path.ts";
import { printJson, printResult, printWarning } from "../output.ts";
import { createProgress } from "../progress.ts";

interface BacktestOptions {
  readonly prices: string;
  readonly weights: string;
  readonly out: string;
  readonly feeRate: number;
  readonly slippage: number;
  readonly rebalanceThreshold: number;
  readonly sizing: ExecutionPolicy["sizing"];
  readonly cashShortfall: ExecutionPolicy["cashShortfall"];
  readonly initialCash: number;
  readonly maxLeverage?: number;
  readonly periodsPerYear?: number;
  readonly repair?: "drop" | "clip";
  readonly json?: true;
}

export function addBacktest(program: Command): void {
  const defaults = defaultPortfolio();
  program
    .command("backtest")
    .description("execute target weights from a file on prices from a file")
    .requiredOption("--prices <file>", "long OHLCV CSV or Parquet: date,symbol,open,high,low,close")
    .requiredOption(
      "--weights <file>",
      "wide CSV date,<symbol>...: weights decided at that close;\nan empty cell holds",
    )
    .requiredOption(
      "--out <dir>",
      "folder for equity.csv, fills.csv, trades.csv,\ntrades_fifo.csv, weights.csv, summary.json",
      optionPath,
    )
    .option("--fee-rate <fraction>", "fee per side, of the fill notional", optionNumber({ least: 0, below: 1 }), 0)
    .option("--slippage <fraction>", "slippage per side, of the price", optionNumber({ least: 0, below: 1 }), 0)
    .option(
      "--rebalance-threshold <fraction>",
      "smaller drifts are not traded",
      optionNumber({ least: 0 }),
      defaults.rebalance_threshold,
    )
    .addOption(
      new Option("--sizing <how>", "size on the value after or before costs").choices(SIZINGS).default(defaults.sizing),
    )
    .addOption(
      new Option("--cash-shortfall <how>", "under pre_cost").choices(CASH_SHORTFALLS).default(defaults.cash_shortfall),
    )
    .option("--initial-cash <amount>", "currency", optionNumber({ above: 0 }), defaults.initial_cash)
    .option("--max-leverage <multiple>", "cap on gross exposure (default: none)", optionNumber({ above: 0 }))
    .option("--periods-per-year <n>", "for annualising (default: from the calendar)", optionNumber({ above: 0 }))
    .addOption(new Option("--repair <how>", "rows that break the OHLC rule").choices(["drop", "clip"]))
    .option("--json", "print the summary as one JSON object")
    .addHelpText(
      "after",
      "\nExample:\n  ballast backtest --prices prices.csv --weights weights.csv \\\n    --fee-rate 0.001 --slippage 0.0005 --out reports/mine",
    )
    .action(backtest);
}

async function backtest(options: BacktestOptions): Promise<void> {
  const progress = createProgress(3);
  try {
    progress.stage("load prices and weights");
    const market = await loadMarket({
      path: options.prices,
      repair: options.repair,
      periodsPerYear: options.periodsPerYear,
      delistAfterBars: defaultPortfolio().delist_after_bars,
    });
    const { axes } = market.ohlcv;
    const values = alignTargets(await loadWide(options.weights), axes, options.weights);
    const policy: ExecutionPolicy = {
      ...executionPolicy(
        {
          ...defaultPortfolio(),
          sizing: options.sizing,
          cash_shortfall: options.cashShortfall,
          cost_model: { preset: "frictionless", fee_bps: options.feeRate * 1e4, slippage_bps: options.slippage * 1e4 },
          initial_cash: options.initialCash,
          rebalance_threshold: options.rebalanceThreshold,
        },
        { assets: axes.assets, periodsPerYear: market.periodsPerYear },
      ),
      maxLeverage: options.maxLeverage ?? Number.POSITIVE_INFINITY,
    };
    progress.stage("execute");
    const account = simulate(market.ohlcv, { axes, values }, policy);
    const metrics = accountMetrics(account, { periodsPerYear: market.periodsPerYear, riskFreeAnnual: 0 });
    const warnings = runWarnings(account, market.quality);
    const summary = {
      prices: options.prices,
      weights: options.weights,
      bars: axes.time.length,
      assets: axes.assets.length,
      finalEquity: account.equity.at(-1),
      ruined: account.ruinBar >= 0,
      policy: { ...policy, maxLeverage: options.maxLeverage ?? null },
      dataHash: market.dataHash,
      metrics,
      warnings,
    };
    progress.stage("write results");
    makeFolder(options.out);
    await writeEquity(join(options.out, "equity.csv"), account);
    await writeFills(join(options.out, "fills.csv"), account);
    for (const [name, matching] of [
      ["trades.csv", "average"],
      ["trades_fifo.csv", "fifo"],
    ] as const)
      await writeTrades(join(options.out, name), axes, trades(account, market.ohlcv, { matching, fillAt: "open" }));
    await writeWeights(join(options.out, "weights.csv"), axes, account.heldWeights);
    await writeAtomically(join(options.out, "summary.json"), `${JSON.stringify(jsonForm(summary), null, 2)}\n`);
    progress.finish();
    if (options.json) printJson(summary);
    else {
      printResult(renderMetrics(metrics));
      for (const warning of warnings) printWarning(warning);
      printResult(`\nresults  ${options.out}`);
    }
  } finally {
    progress.finish();
  }
}
