/** What a training worker loads in tests of models of extensions. */
import { InputError } from "../../src/core/errors.ts";
import type { ModelExtensions } from "../../src/models/catalogue.ts";
import { signMeans } from "./extension-definitions.ts";

export function loadModels({ fails = false }: { readonly fails?: boolean }): ModelExtensions {
  if (fails) throw InputError.of({ where: "my.ts", rule: "is gone" });
  return new Map([["sign_means", signMeans]]);
}
