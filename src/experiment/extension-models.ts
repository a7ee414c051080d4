/** Models of extensions for a training worker, which is told the address of this module: it may not import it, and the
 *  definitions, being functions, cannot be sent. */
import type { ModelExtensions } from "../models/catalogue.ts";
import type { ExtensionFiles } from "./extensions.ts";
import { reloadExtensions } from "./load-extensions.ts";

/** @throws InputError when a file is not what it was where the training began */
export function loadModels(files: ExtensionFiles): ModelExtensions {
  return reloadExtensions(files).models;
}
