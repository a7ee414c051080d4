/** Fills in what a config leaves to be inferred, so that the saved one says everything a rerun needs. */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { type ExperimentConfig, SAMPLE_DEFAULTS } from "./schema.ts";

/**
 * Where a file named in an experiment is: beside the experiment, else in the working directory.
 *
 * @param named      as the config has it
 * @param experiment path of the experiment file
 * @param label      config path, for the fault
 * @returns the name itself where it is absolute, else the way from the working directory, however it was spelt
 * @throws InputError naming both places when it is in neither
 */
export function findFile(named: string, experiment: string, label: string): string {
  const beside = isAbsolute(named) ? named : join(dirname(experiment), named);
  const found = [beside, named].find((path) => existsSync(path));
  if (found === undefined) {
    const places =
      resolve(beside) === resolve(named) ? "" : `, neither as ${beside} nor as ${named} in the working directory`;
    throw InputError.of({ where: label, rule: `no such file${places}`, got: named });
  }
  return isAbsolute(named) ? named : relative(process.cwd(), resolve(found)) || ".";
}

/** The file a signal reads; undefined where it reads none. */
export function signalPath({ signal }: ExperimentConfig): string | undefined {
  return signal.kind === "scores" || signal.kind === "weights" ? signal.path : undefined;
}

/** Where prices come from: what the config says, else what the path's ending says, else the sample. */
export function sourceOf(data: ExperimentConfig["data"]): "sample" | "csv" | "parquet" {
  return data.source ?? (data.path === undefined ? "sample" : (endingSource(data.path) ?? "csv"));
}

export function endingSource(path: string): "csv" | "parquet" | undefined {
  if (/\.parquet$/i.test(path)) return "parquet";
  return /\.csv(\.gz)?$/i.test(path) ? "csv" : undefined;
}

/** Size of the synthetic market. */
export function sampleSize(data: ExperimentConfig["data"]): { assets: number; bars: number } {
  return { assets: data.sample_assets ?? SAMPLE_DEFAULTS.assets, bars: data.sample_bars ?? SAMPLE_DEFAULTS.bars };
}

/** Returns an asset needs in the lookback to take part. */
export function minHistoryBars(block: NonNullable<ExperimentConfig["allocation"]>): number {
  return block.min_history_bars ?? Math.max(2, Math.ceil(block.lookback_bars / 2));
}
