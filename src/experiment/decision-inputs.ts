/** Everything decisions are made of, loaded and laid on the market's bars once: prices, and what files bring. The same
 *  inputs cut at a bar are what was known then, files included. */
import type { RegimePosterior } from "../allocation/weighting.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { alignTargets } from "../data/align.ts";
import type { Market } from "../data/market.ts";
import { marketHead } from "../data/market-head.ts";
import { loadWide } from "../data/wide-csv.ts";
import { type LinearProgramSolver, loadLinearProgram } from "../math/linear-program.ts";
import { fundingPanel } from "./execution-policy.ts";
import type { Extensions } from "./extensions.ts";
import { checkHoldout } from "./holdout.ts";
import { loadExtensions } from "./load-extensions.ts";
import { loadPosterior } from "./regime-posterior.ts";
import { findFile, signalPath } from "./resolve.ts";
import type { ExperimentConfig } from "./schema.ts";

export interface DecisionInputs {
  readonly market: Ohlcv;
  readonly periodsPerYear: number;
  /** [T*N] paid by longs per bar, fraction of notional; null = the experiment names none. */
  readonly fundingRate: Floats | null;
  /** [T*N] of a file, NaN = nothing said: target weights or scores, as the signal has it; null without a file. */
  readonly fromFile: Floats | null;
  readonly posterior: RegimePosterior | null;
  /** null where no method asks for one. */
  readonly linearProgram: LinearProgramSolver | null;
  /** What the experiment's own files define. */
  readonly extensions: Extensions;
}

/**
 * @param file the experiment file: paths in the config are looked for beside it
 * @throws InputError for a file that does not fit the market, an extension that cannot be loaded, or a holdout that begins outside of it
 */
export async function loadDecisionInputs(
  config: ExperimentConfig,
  { ohlcv: market, periodsPerYear }: Market,
  file: string,
): Promise<DecisionInputs> {
  checkHoldout(config, market.axes);
  const regimes = config.allocation?.moe.posterior;
  return {
    market,
    periodsPerYear,
    fundingRate: fundingPanel(config.portfolio, market),
    fromFile: await signalFile(config, market, file),
    posterior:
      regimes === undefined
        ? null
        : await loadPosterior(findFile(regimes, file, "allocation.moe.posterior"), market.axes.time, (ms) => ms),
    linearProgram: methodsOf(config).includes("cdar_min") ? await loadLinearProgram() : null,
    extensions: loadExtensions(config.extensions ?? [], file),
  };
}

function methodsOf({ allocation, benchmark, comparison }: ExperimentConfig): readonly (string | undefined)[] {
  return [allocation?.method, benchmark?.method, ...(comparison?.methods ?? [])];
}

async function signalFile(config: ExperimentConfig, market: Ohlcv, file: string): Promise<Floats | null> {
  const named = signalPath(config);
  if (named === undefined) return null;
  const path = findFile(named, file, "signal.path");
  return alignTargets(await loadWide(path), market.axes, path);
}

/** The inputs as they were known at the close of the last of the first `bars` bars. */
export function inputsHead(inputs: DecisionInputs, bars: number): DecisionInputs {
  const market = marketHead(inputs.market, bars);
  const cells = bars * market.axes.assets.length;
  const head = (plane: Floats | null) => plane?.subarray(0, cells) ?? null;
  const { posterior } = inputs;
  return {
    ...inputs,
    market,
    fundingRate: head(inputs.fundingRate),
    fromFile: head(inputs.fromFile),
    posterior:
      posterior === null ? null : { ...posterior, values: posterior.values.subarray(0, bars * posterior.regimes) },
  };
}
