/** What a training worker loads in tests of models of extensions. */
import { InputError } from "../../src/core/errors.ts";
import type { ModelExtensions } from "../../src/models/catalogue.ts";
import type { ModelExtension } from "../../src/models/model-extension.ts";
import { patient, signMeans } from "./extension-definitions.ts";

export function loadModels({ fails = false }: { readonly fails?: boolean }): ModelExtensions {
  if (fails) throw InputError.of({ where: "my.ts", rule: "is gone" });
  return new Map<string, ModelExtension>([
    ["sign_means", signMeans],
    ["patient", patient],
  ]);
}
