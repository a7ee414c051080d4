/** Definitions of extensions that an experiment uses without the parameters they need. */
import type { PathFault } from "./config-faults.ts";
import { hasDefaults } from "./extension-schema.ts";
import type { Extensions } from "./extensions.ts";
import { modelKindsOf } from "./l5-models.ts";
import type { ExperimentConfig } from "./schema.ts";

const MISSING = "must be given: it has parameters without a default";

export function extensionFaults(
  { allocation, benchmark, comparison, l5 }: ExperimentConfig,
  { weightings, models }: Extensions,
): PathFault[] {
  const faults: PathFault[] = [];
  const blocks = { ...allocation } as Readonly<Record<string, unknown>>;
  for (const method of new Set([allocation?.method, ...(comparison?.methods ?? [])])) {
    const extension = weightings.get(method ?? "");
    if (extension !== undefined && blocks[extension.name] === undefined && !hasDefaults(extension))
      faults.push({ path: ["allocation", extension.name], rule: MISSING });
  }
  const compared = weightings.get(benchmark?.method ?? "");
  if (compared !== undefined && !hasDefaults(compared))
    faults.push({
      path: ["benchmark", "method"],
      rule: "has parameters without a default, and a benchmark has no others",
      got: compared.name,
    });
  const params = { ...l5?.params } as Readonly<Record<string, unknown>>;
  for (const model of l5 === undefined ? [] : modelKindsOf(l5)) {
    const extension = models.get(model);
    if (extension !== undefined && params[model] === undefined && !hasDefaults(extension))
      faults.push({ path: ["l5", "params", model], rule: MISSING });
  }
  return faults;
}
