/** An experiment file to a validated config. */
import type { InputError } from "../core/errors.ts";
import { combinationFaults } from "./combinations.ts";
import { isRecord } from "./config-faults.ts";
import { PORTFOLIO_PRESETS, type PortfolioPresetName } from "./portfolio-presets.ts";
import { type ExperimentConfig, experimentSchema } from "./schema.ts";
import { parseStrictYaml, parseWithRaw, readYamlText, relocatedIn, type YamlRules } from "./strict-yaml.ts";
import { sweepFaults } from "./sweep-faults.ts";

/**
 * Reads an experiment file, applies `path=value` overrides and validates the whole.
 *
 * @param overrides values are YAML, as `--set allocation.lookback_bars=20` gives them; later ones win
 * @throws InputError with every fault found
 */
export function loadConfig(file: string, overrides: readonly string[] = []): ExperimentConfig {
  return parseConfig(readYamlText(file), file, overrides);
}

/** As loadConfig, and the experiment as written with the overrides applied, before defaults. */
export function loadWithRaw(
  file: string,
  overrides: readonly string[] = [],
): { readonly raw: Readonly<Record<string, unknown>>; readonly value: ExperimentConfig } {
  return parseWithRaw(readYamlText(file), file, overrides, experimentRules);
}

/** As loadConfig, from text; `file` only names it in faults. */
export function parseConfig(text: string, file: string, overrides: readonly string[] = []): ExperimentConfig {
  return parseStrictYaml(text, file, overrides, experimentRules);
}

/** What an experiment must be, beyond YAML. */
export const experimentRules: YamlRules<typeof experimentSchema> = {
  schema: experimentSchema,
  least: "`name` and `data`",
  prepare: withPortfolioPreset,
  faults: (config) => [
    ...combinationFaults(config),
    ...(config.sweep === undefined ? [] : sweepFaults(config.sweep, experimentSchema)),
  ],
};

/**
 * The error with every fault that names a path of the config ("data.path") naming the place in the file instead: for
 * what only shows once the data are there.
 */
export function relocated(error: InputError, file: string, overrides: readonly string[]): InputError {
  return relocatedIn(error, file, overrides, experimentSchema);
}

/** The raw config with the keys of its portfolio preset filled in; one that is unknown is left for the schema to name. */
function withPortfolioPreset(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const portfolio = Object.hasOwn(raw, "portfolio") ? raw.portfolio : undefined;
  if (!isRecord(portfolio)) return raw;
  const { preset } = portfolio;
  if (typeof preset !== "string" || !Object.hasOwn(PORTFOLIO_PRESETS, preset)) return raw;
  return { ...raw, portfolio: { ...PORTFOLIO_PRESETS[preset as PortfolioPresetName], ...portfolio } };
}
