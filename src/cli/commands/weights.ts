/** `ballast weights`: how a world of strategies is to be weighted, and the record of what was applied. */
import { type Command, Option } from "commander";
import { SERIES_KINDS } from "../../data/daily-series.ts";
import { STAGES } from "../../experiment/strategy-weighting.ts";
import { applyPlan } from "../../experiment/weights-audit.ts";
import { planWeights, type WeightsPlan, type WeightsRequest } from "../../experiment/weights-plan.ts";
import { optionNumber } from "../option-number.ts";
import { printNote, printResult, printWarning } from "../output.ts";

type PlanOptions = WeightsRequest & { readonly json?: true };
type ApplyOptions = PlanOptions & { readonly execute?: true; readonly store: string; readonly runId?: string };

export function addWeights(program: Command): void {
  const weights = program.command("weights").description("weights of strategies: plan them, record what is applied");
  planOptions(weights.command("plan").description("the weights a policy gives, and why"))
    .addHelpText(
      "after",
      "\nExample:\n  ballast weights plan --policy policy.yaml --series returns.csv \\\n    --as-of 2024-06-28 --json",
    )
    .action(async (options: PlanOptions) => {
      const plan = await planWeights(options);
      if (options.json) printResult(JSON.stringify(plan, null, 2));
      else show(plan);
    });
  planOptions(weights.command("apply").description("plan, and with --execute record the plan in the audit store"))
    .option("--execute", "write the plan; without it nothing is written")
    .option("--store <file>", "audit store (SQLite)", "reports/weights-audit.sqlite")
    .option("--run-id <id>", "name of this application (default: as-of date and stage)")
    .addHelpText(
      "after",
      "\nThe same run id twice changes nothing and returns the first result.\n\nExample:\n  ballast weights apply --policy policy.yaml --series returns.csv \\\n    --execute --run-id 2024-w26",
    )
    .action(async (options: ApplyOptions) => {
      const plan = await planWeights(options);
      const runId = options.runId ?? `${plan.as_of}-${plan.stage ?? "all"}`;
      if (!options.execute) {
        if (options.json) printResult(JSON.stringify({ run_id: runId, recorded: false, plan }, null, 2));
        else show(plan);
        printNote(`\nnothing was written: --execute records this plan as ${runId} in ${options.store}`);
        return;
      }
      const applied = applyPlan(options.store, runId, plan, new Date().toISOString());
      if (options.json) printResult(JSON.stringify(applied, null, 2));
      else show(applied.plan);
      printNote(
        applied.recorded
          ? `\nrecorded as ${runId} in ${options.store}`
          : `\n${runId} was applied at ${applied.applied_at} already: nothing was written`,
      );
    });
}

function planOptions(command: Command): Command {
  return command
    .requiredOption("--policy <file>", "YAML with a strategy_weighting block")
    .requiredOption("--series <file>", "wide CSV or Parquet: date,<strategy>...")
    .addOption(new Option("--kind <kind>", "what the series hold").choices(SERIES_KINDS).default("returns"))
    .option("--capital <amount>", "currency behind each strategy, for pnl", optionNumber({ above: 0 }), 100_000)
    .option("--previous <file>", "last plan: its .json, or CSV strategy,weight")
    .option("--trades <file>", "CSV strategy,trades, for min_trades_total")
    .option("--posterior <file>", "wide CSV date,<regime>..., for method moe")
    .option("--as-of <date>", "last day that counts (default: the last of the series)")
    .addOption(new Option("--stage <stage>", "whose overrides apply").choices(STAGES))
    .option("--json", "print one JSON object");
}

function show(plan: WeightsPlan): void {
  const { diagnostics } = plan;
  const names = Object.keys(plan.weights_by_strategy);
  const width = Math.min(36, Math.max(8, ...names.map((name) => name.length)));
  const percent = (x: number) => `${(100 * x).toFixed(2)}%`.padStart(10);
  const lines = [
    `${plan.method} as of ${plan.as_of}${plan.stage === null ? "" : `, stage ${plan.stage}`}`,
    "",
    `${"Strategy".padEnd(width)}${"Weight".padStart(10)}${"Risk".padStart(10)}${"Leverage".padStart(10)}`,
    ...names.map(
      (name) =>
        name.padEnd(width).slice(0, width) +
        percent(plan.weights_by_strategy[name]!) +
        percent(diagnostics.risk_contributions[name]!) +
        plan.leverage_by_strategy[name]!.toFixed(2).padStart(10),
    ),
    "",
    `${diagnostics.window_days} days, covariance ${diagnostics.cov_estimator}, effective number ${diagnostics.effective_n.toFixed(2)}, scale ${diagnostics.scale.toFixed(2)}`,
  ];
  printResult(lines.join("\n"));
  for (const warning of plan.warnings) printWarning(warning);
}
