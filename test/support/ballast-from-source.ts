/** Preloaded into another Node: `ballast` is this source, whatever was built of it and wherever the importer lies. */
import { registerHooks } from "node:module";

const source = new URL("../../src/index.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "ballast" ? { url: source, shortCircuit: true } : next(specifier, context),
});
