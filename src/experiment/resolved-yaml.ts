/** The config as it was understood, every default and inferred value written out, as YAML that runs again. */
import { stringify } from "yaml";
import { costSettings } from "./execution-policy.ts";
import { allocationPolicy, sourceOf } from "./resolve.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

export function resolvedYaml(config: ExperimentConfig, periodsPerYear: number): string {
  const { sample_assets, sample_bars, ...fileData } = config.data;
  const source = sourceOf(config.data);
  const data = {
    ...(source === "sample" ? config.data : fileData),
    source,
    periods_per_year: periodsPerYear,
  };
  const block = config.allocation ?? defaultAllocation();
  const allocation =
    config.signal.kind === "weights"
      ? {}
      : { allocation: { ...block, min_history_bars: allocationPolicy(block).minHistoryBars } };
  const { name, description, seed, signal, portfolio, benchmark, metrics } = config;
  const { preset: _preset, ...ownCosts } = portfolio.cost_model;
  const costs = { ...portfolio, cost_model: { ...ownCosts, ...costSettings(portfolio.cost_model) } };
  const ordered = { name, description, seed, data, signal, ...allocation, portfolio: costs, benchmark, metrics };
  return stringify(JSON.parse(JSON.stringify(ordered)), { lineWidth: 0 });
}
