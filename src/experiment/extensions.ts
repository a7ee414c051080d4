/** The extensions of one experiment: the definitions of its modules by kind and name. Passed on to whoever looks a
 *  name up; there is no global list of them. */
import type { WeightingExtension } from "../allocation/weighting-extension.ts";
import { hashValue } from "../core/hash.ts";
import type { FeatureExtension } from "../data/features/feature-extension.ts";
import type { MetricExtension } from "../metrics/metric-extension.ts";
import type { ModelExtension } from "../models/model-extension.ts";
import type { SignalExtension } from "../signal/signal-extension.ts";

/** Which files they are: what a thread is told. */
export interface ExtensionFiles {
  /** As they were found from the working directory, with the hash of each and of what it imports. */
  readonly files: readonly { readonly path: string; readonly hash: string }[];
  /** Paths of the same, for threads, which load them anew. */
  readonly absolute: readonly string[];
  /** Of all; "" without any. */
  readonly hash: string;
}

export interface Extensions extends ExtensionFiles {
  readonly features: ReadonlyMap<string, FeatureExtension>;
  readonly signals: ReadonlyMap<string, SignalExtension>;
  readonly weightings: ReadonlyMap<string, WeightingExtension>;
  readonly models: ReadonlyMap<string, ModelExtension>;
  readonly metrics: ReadonlyMap<string, MetricExtension>;
}

export const NO_EXTENSIONS: Extensions = {
  files: [],
  absolute: [],
  hash: "",
  features: new Map(),
  signals: new Map(),
  weightings: new Map(),
  models: new Map(),
  metrics: new Map(),
};

/** Of the data and the extensions together, for keys of what is made of both. */
export function groundHash(dataHash: string, { hash }: Pick<Extensions, "hash">): string {
  return hash === "" ? dataHash : hashValue([dataHash, hash]);
}
