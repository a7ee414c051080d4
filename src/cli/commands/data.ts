/** `ballast data`: look at market files, and make the synthetic one. */
import type { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import { loadMarket } from "../../data/market.ts";
import { writeMarket } from "../../data/market-writer.ts";
import { qualityJson } from "../../data/quality-json.ts";
import { renderQuality } from "../../data/quality-text.ts";
import { SAMPLE_LIMITS, sampleMarket } from "../../data/sample.ts";
import { defaultPortfolio, SAMPLE_DEFAULTS } from "../../experiment/schema.ts";
import { optionNumber } from "../option-number.ts";
import { optionPath } from "../option-path.ts";
import { printJson, printResult } from "../output.ts";

interface SampleOptions {
  readonly out: string;
  readonly seed: number;
  readonly assets: number;
  readonly bars: number;
  readonly json?: true;
}

export function addData(program: Command): void {
  const data = program.command("data").description("check market files, write the synthetic sample");

  data
    .command("check")
    .argument("<file>", "long OHLCV CSV or Parquet")
    .description("print what is odd about a market file: holes, listings, moves, violations")
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample:\n  ballast data check data/crypto_daily.csv")
    .action(async (file: string, options: { json?: true }) => {
      const { quality } = await loadMarket({
        path: file,
        ohlcViolations: "report",
        delistAfterBars: defaultPortfolio().delist_after_bars,
      });
      if (options.json) printJson(qualityJson(quality));
      else printResult(renderQuality(quality));
    });

  data
    .command("sample")
    .description("write the synthetic market; the same seed gives the same bytes")
    .requiredOption("--out <file>", "CSV file to write", optionPath)
    .option("--seed <n>", "seed", optionNumber({ whole: true }), SAMPLE_DEFAULTS.seed)
    .option(
      "--assets <n>",
      "assets",
      optionNumber({ whole: true, least: 1, most: SAMPLE_LIMITS.assets }),
      SAMPLE_DEFAULTS.assets,
    )
    .option(
      "--bars <n>",
      "daily bars",
      optionNumber({ whole: true, least: 2, most: SAMPLE_LIMITS.bars }),
      SAMPLE_DEFAULTS.bars,
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample:\n  ballast data sample --out data/sample.csv --seed 7")
    .action(async ({ out, seed, assets, bars, json }: SampleOptions) => {
      if (assets * bars > SAMPLE_LIMITS.cells)
        throw InputError.of({
          where: "--bars",
          rule: `times ${assets} assets is more than ${SAMPLE_LIMITS.cells} cells`,
          got: bars,
        });
      const rows = await writeMarket(out, sampleMarket({ seed, assets, bars }));
      if (json) printJson({ out, seed, assets, bars, rows });
      else printResult(`${rows} rows  ${out}`);
    });
}
