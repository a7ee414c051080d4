/** The modules that an experiment names under `extensions`, loaded: their definitions by kind and name. */
import { resolve } from "node:path";
import type { WeightingExtension } from "../allocation/weighting-extension.ts";
import { InputError } from "../core/errors.ts";
import type { Extension, ExtensionKind } from "../core/extension.ts";
import { hashValue } from "../core/hash.ts";
import type { FeatureExtension } from "../data/features/feature-extension.ts";
import type { MetricExtension } from "../metrics/metric-extension.ts";
import type { ModelExtension } from "../models/model-extension.ts";
import type { SignalExtension } from "../signal/signal-extension.ts";
import { definitionFault, definitionsIn } from "./extension-definitions.ts";
import { loadModule } from "./extension-loader.ts";
import { type ExtensionFiles, type Extensions, NO_EXTENSIONS } from "./extensions.ts";
import { findFile } from "./resolve.ts";

/** By their files and what these hold: the same extensions are the same object, so that schemas are made once. */
const made = new Map<string, Extensions>();

/**
 * @param paths          as the experiment has them, looked for beside it, then in the working directory
 * @param experimentFile its path
 * @returns the same object as long as no file changes
 * @throws InputError for a file that is missing, is no module, throws, exports no definition or a faulty one, or
 *         defines a name that is taken; `where` is `extensions.<position>`
 */
export function loadExtensions(paths: readonly string[], experimentFile: string): Extensions {
  if (paths.length === 0) return NO_EXTENSIONS;
  const found = paths.map((path, i) => findFile(path, experimentFile, `extensions.${i}`));
  return loadAbsolute(
    found,
    found.map((path) => resolve(path)),
  );
}

/**
 * The same in another thread.
 *
 * @throws InputError when a file is not what it was there
 */
export function reloadExtensions({ files, absolute, hash }: ExtensionFiles): Extensions {
  if (files.length === 0) return NO_EXTENSIONS;
  const names = files.map(({ path }) => path);
  const again = loadAbsolute(names, absolute);
  if (again.hash === hash) return again;
  const changed = again.files.filter((file, i) => file.hash !== files[i]!.hash).map(({ path }) => path);
  throw InputError.of({ where: changed.join(", "), rule: "was changed while the experiment ran: start it again" });
}

function loadAbsolute(paths: readonly string[], absolute: readonly string[]): Extensions {
  const modules = absolute.map((path, i) => {
    const loaded = loadModule(path);
    if (typeof loaded !== "string") return loaded;
    throw InputError.of({ where: `extensions.${i}`, rule: `${paths[i]} ${loaded}` });
  });
  // The order of the files a module imports is theirs, not that of where they lie.
  const files = modules.map(({ files }, i) => ({ path: paths[i]!, hash: hashValue([...files.values()]) }));
  const hash = hashValue(files.map((file) => file.hash));
  const key = hashValue([paths, absolute, hash]);
  const before = made.get(key);
  if (before !== undefined) return before;
  const byKind = sorted(modules.map(({ exported }, i) => ({ path: paths[i]!, definitions: definitionsIn(exported) })));
  const extensions = { files, absolute, hash, ...byKind };
  made.set(key, extensions);
  return extensions;
}

const PLURAL = {
  feature: "features",
  signal: "signals",
  weighting: "weightings",
  model: "models",
  metric: "metrics",
} as const satisfies Record<ExtensionKind, keyof Extensions>;

function sorted(
  modules: readonly { readonly path: string; readonly definitions: readonly Extension<ExtensionKind>[] }[],
): Omit<Extensions, keyof ExtensionFiles> {
  const byKind = {
    features: new Map<string, FeatureExtension>(),
    signals: new Map<string, SignalExtension>(),
    weightings: new Map<string, WeightingExtension>(),
    models: new Map<string, ModelExtension>(),
    metrics: new Map<string, MetricExtension>(),
  };
  const owner = new Map<string, string>();
  for (const [i, { path, definitions }] of modules.entries()) {
    const refuse = (rule: string): never => {
      throw InputError.of({ where: `extensions.${i}`, rule: `${path} ${rule}` });
    };
    if (definitions.length === 0)
      refuse("exports no definition: export what defineFeature, defineSignal or another define-function returns");
    for (const definition of definitions) {
      const { name, extends: kind } = definition;
      const fault = definitionFault(definition);
      if (fault !== null) refuse(`defines a ${kind} that cannot be used: ${fault}`);
      const other = owner.get(`${kind} ${name}`);
      if (other !== undefined) refuse(`defines the ${kind} ${name} a second time, after ${other}`);
      owner.set(`${kind} ${name}`, path);
      // what its kind says it is, definitionFault has looked at
      const ofKind: Map<string, unknown> = byKind[PLURAL[kind]];
      ofKind.set(name, Object.freeze({ ...definition, file: path }));
    }
  }
  return byKind;
}
