/** `ballast ic`: how well scores in a file told the returns that followed. */
import { type Command, Option } from "commander";
import { type ScoreIc, type ScoreIcRequest, scoreIc } from "../../experiment/score-ic.ts";
import { LABEL_LAGS } from "../../models/forward-return.ts";
import { optionNumber } from "../option-number.ts";
import { printJson, printResult, wrapped } from "../output.ts";

type IcOptions = ScoreIcRequest & { readonly json?: true };

export function addIc(program: Command): void {
  program
    .command("ic")
    .description("information coefficients of scores against the returns that followed")
    .requiredOption("--scores <file>", "wide CSV or Parquet: date,<symbol>...;\nan empty cell is no score")
    .requiredOption("--prices <file>", "long OHLCV CSV or Parquet: date,symbol,open,high,low,close")
    .requiredOption("--horizon <bars>", "bars of the forward return", optionNumber({ least: 1, whole: true }))
    .addOption(
      new Option(
        "--label <kind>",
        "open: from the next open, as a decision is filled;\nclose: from the score's own close, as other tools have it",
      )
        .choices(Object.keys(LABEL_LAGS))
        .default("open"),
    )
    .option("--quantiles <n>", "groups for returns by score", optionNumber({ least: 2, most: 100, whole: true }), 5)
    .addOption(new Option("--repair <how>", "rows that break the OHLC rule").choices(["drop", "clip"]))
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample:\n  ballast ic --scores scores.csv --prices prices.csv --horizon 5 --json")
    .action(async (options: IcOptions) => {
      const result = await scoreIc(options);
      const { scores, prices } = options;
      if (options.json) printJson({ scores, prices, ...result });
      else printResult(icText(scores, result));
    });
}

const NAME = 26;
const CELL = 13;

function icText(scores: string, ic: ScoreIc): string {
  const basis = ic.label === "open" ? "open to open, from the next bar" : "close to close";
  const rows = (...cells: readonly (readonly [name: string, ...values: string[]])[]) =>
    cells.map(([name, ...values]) => name.padEnd(NAME) + values.map((value) => value.padStart(CELL)).join(""));
  const head = [
    wrapped(`${scores}: ${ic.horizon}-bar returns ${basis}`, 80, "  "),
    wrapped(
      `${ic.datesCounted} of ${ic.dates.length} dates from ${ic.dates[0]} to ${ic.dates.at(-1)}, ${ic.assets} assets, ${ic.pairsCounted} pairs`,
      80,
      "  ",
    ),
  ];
  const summary = rows(
    ["", "IC", "Rank IC"],
    ["Mean", ratio(ic.meanIc), ratio(ic.meanRankIc)],
    ["Standard deviation", ratio(ic.stdIc), ratio(ic.stdRankIc)],
    ["ICIR", ratio(ic.icir), ratio(ic.rankIcir)],
    ["t", statistic(ic.tStat), statistic(ic.rankTStat)],
    [`t, Newey-West lag ${ic.neweyWestLag}`, statistic(ic.tStatNeweyWest), statistic(ic.rankTStatNeweyWest)],
    ["Dates above 0", percent(ic.hitRatio), percent(ic.rankHitRatio)],
  );
  const fit = rows(
    ["Signs that agree", percent(ic.signHit)],
    ["RMSE", ratio(ic.rmse)],
    ["Rank autocorrelation, 1", ratio(ic.rankAutocorrelation)],
    [`Rank autocorrelation, ${ic.horizon}`, ratio(ic.rankAutocorrelationAtHorizon)],
  );
  const quantiles = rows(
    ["Quantile", "Mean return", "Demeaned", "Turnover", "Dates"],
    ...ic.quantileMeanReturns.map(
      (mean, q) =>
        [
          `${q + 1}${q === 0 ? " (low)" : q === ic.quantiles - 1 ? " (high)" : ""}`,
          percent(mean, 3),
          percent(ic.quantileMeanReturnsDemeaned[q]!, 3),
          percent(ic.quantileTurnover[q]!),
          String(ic.quantileDates[q]),
        ] as const,
    ),
    ["high - low", percent(ic.quantileSpread, 3), `t ${statistic(ic.quantileSpreadTStatNeweyWest)}`],
  );
  const decay = rows(
    ["Decay by horizon", "IC", "t (NW)", "Rank IC", "Dates"],
    ...ic.decay.map(
      (at) =>
        [
          String(at.horizon),
          ratio(at.meanIc),
          statistic(at.tStatNeweyWest),
          ratio(at.meanRankIc),
          String(at.dates),
        ] as const,
    ),
  );
  return [head, summary, fit, quantiles, decay, droppedLines(ic)]
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

function droppedLines({ dropped }: ScoreIc): string[] {
  const reasons = [...new Set(dropped.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const dates = dropped.filter((drop) => drop.reason === reason).map(({ date }) => date);
    const span = dates.length === 1 ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
    const count = dates.length === 1 ? "1 date" : `${dates.length} dates`;
    return wrapped(`left out: ${count}, ${reason.replaceAll("_", " ")} (${span})`, 80, "  ");
  });
}

const shown = (value: number, text: string) => (Number.isFinite(value) ? text : "n/a");
const ratio = (value: number) => shown(value, value.toFixed(4));
const statistic = (value: number) => shown(value, value.toFixed(2));
const percent = (value: number, digits = 2) => shown(value, `${(value * 100).toFixed(digits)}%`);
