/** An experiment file to a validated config. */
import { z } from "zod";
import { InputError } from "../core/errors.ts";
import { combinationFaults } from "./combinations.ts";
import { isRecord } from "./config-faults.ts";
import { type Extensions, NO_EXTENSIONS } from "./extensions.ts";
import { loadExtensions } from "./load-extensions.ts";
import { PORTFOLIO_PRESETS, type PortfolioPresetName } from "./portfolio-presets.ts";
import { type ExperimentConfig, experimentSchema, extensionFiles } from "./schema.ts";
import {
  parseStrictYaml,
  parseWithRaw,
  type RulesSource,
  readYamlText,
  relocatedIn,
  type YamlRules,
} from "./strict-yaml.ts";
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
  return parseWithRaw(readYamlText(file), file, overrides, experimentRulesIn(file));
}

/** As loadConfig, from text; `file` only names it in faults. */
export function parseConfig(text: string, file: string, overrides: readonly string[] = []): ExperimentConfig {
  return parseStrictYaml(text, file, overrides, experimentRulesIn(file));
}

/**
 * The extensions of an experiment file, the rest of which need not be valid.
 *
 * @throws InputError as loadExtensions, at their lines
 */
export function extensionsOf(file: string): Extensions {
  const rules = { schema: z.looseObject({ extensions: extensionFiles.default([]) }), least: "`name` and `data`" };
  const { extensions } = parseStrictYaml(readYamlText(file), file, [], rules);
  try {
    return loadExtensions(extensions, file);
  } catch (error) {
    throw error instanceof InputError ? relocated(error, file, []) : error;
  }
}

/** What an experiment with these extensions must be, beyond YAML. */
export function experimentRules(extensions: Extensions): YamlRules<ReturnType<typeof experimentSchema>> {
  const schema = experimentSchema(extensions);
  return {
    schema,
    prepare: withPortfolioPreset,
    faults: (config) => [
      ...combinationFaults(config, extensions),
      ...(config.sweep === undefined ? [] : sweepFaults(config.sweep, schema, config.benchmark !== undefined)),
    ],
  };
}

/** The rules of an experiment file: its extensions are loaded first, since the names they define belong to them. */
export function experimentRulesIn(file: string): RulesSource<ReturnType<typeof experimentSchema>> {
  return {
    least: "`name` and `data`",
    rulesFor(raw) {
      const paths = Object.hasOwn(raw, "extensions") ? raw.extensions : [];
      // what is no list of files, or names one twice, is left for the schema to name
      const parsed = extensionFiles.safeParse(Array.isArray(paths) ? [...new Set(paths)] : paths);
      return experimentRules(parsed.success ? loadExtensions(parsed.data, file) : NO_EXTENSIONS);
    },
  };
}

/**
 * The error with every fault that names a path of the config ("data.path") naming the place in the file instead: for
 * what only shows once the data are there.
 */
export function relocated(error: InputError, file: string, overrides: readonly string[]): InputError {
  return relocatedIn(error, file, overrides, experimentSchema(NO_EXTENSIONS));
}

/** The raw config with the keys of its portfolio preset filled in; one that is unknown is left for the schema to name. */
function withPortfolioPreset(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const portfolio = Object.hasOwn(raw, "portfolio") ? raw.portfolio : undefined;
  if (!isRecord(portfolio)) return raw;
  const { preset } = portfolio;
  if (typeof preset !== "string" || !Object.hasOwn(PORTFOLIO_PRESETS, preset)) return raw;
  return { ...raw, portfolio: { ...PORTFOLIO_PRESETS[preset as PortfolioPresetName], ...portfolio } };
}
