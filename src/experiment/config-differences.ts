/** Where saved runs do not agree: config, data, code and libraries by path, as data. */
import { parse } from "yaml";
import { isRecord } from "./config-faults.ts";
import type { SavedRun } from "./registry-queries.ts";

export interface ConfigDifference {
  /** "allocation.method", "features.0.lookback_bars", "libraries.yaml"; lists of plain values are one value. */
  readonly path: string;
  /** One a run, in order; undefined = the run has nothing there. */
  readonly values: readonly unknown[];
}

/** In the order of the configs; what all runs agree on is left out. */
export function configDifferences(runs: readonly SavedRun[]): ConfigDifference[] {
  const flat = runs.map(({ config, provenance }) => {
    const { dataHash, codeVersion, codeHash, libraries } = provenance;
    const values = new Map<string, unknown>();
    flatten(parse(config), [], values);
    flatten({ data_hash: dataHash, code_version: codeVersion, code_hash: codeHash }, [], values);
    // their names have dots
    for (const [name, version] of Object.entries(libraries)) values.set(`libraries.${name}`, version);
    return values;
  });
  const paths = [...new Set(flat.flatMap((values) => [...values.keys()]))];
  return paths
    .map((path) => ({ path, values: flat.map((values) => values.get(path)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function flatten(value: unknown, path: readonly string[], into: Map<string, unknown>): void {
  const branches = isRecord(value)
    ? Object.keys(value).length > 0
    : Array.isArray(value) && value.some((item) => typeof item === "object");
  if (branches) for (const [key, member] of Object.entries(value as object)) flatten(member, [...path, key], into);
  else into.set(path.join("."), value);
}
