/** How modules of extensions are found: `ballast` is that of the running copy wherever the file lies, and every file that one
 *  imports by a relative path is noted with its hash. A thread has hooks of its own. Nothing else is resolved here. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** Begins the address of a module made here whose one import is an extension's entry. */
const ENTRY = "ballast-extension:";
/** Marks the address of a file of an extension with the number of its loading: a file that changed is a new module. */
const MARK = /\?ballast=(\d+)$/;

const library = new URL(`../extension-library${extname(import.meta.url)}`, import.meta.url).href;

/** Files of each loading, path -> hash. */
const loadings: Map<string, string>[] = [];
let registered = false;

/** A loading to come: what to require, and the files it will have read. */
export function announceLoading(entry: string): { readonly specifier: string; readonly files: Map<string, string> } {
  if (!registered) register();
  registered = true;
  const files = new Map<string, string>();
  const number = loadings.push(files) - 1;
  return { specifier: `${ENTRY}${entry}?ballast=${number}`, files };
}

export function fileHash(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function register(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith(ENTRY)) return { url: specifier, format: "module", shortCircuit: true };
      const { parentURL = "" } = context;
      const mark = MARK.exec(parentURL)?.[0];
      if (mark === undefined) return next(specifier, context);
      if (parentURL.startsWith(ENTRY)) return { url: specifier, shortCircuit: true };
      if (specifier === "ballast") return { url: library, shortCircuit: true };
      const resolved = next(specifier, context);
      const isOwn = /^(\.|\/|file:)/.test(specifier) && resolved.url.startsWith("file:");
      return isOwn ? { ...resolved, url: `${resolved.url}${mark}` } : resolved;
    },
    load(url, context, next) {
      if (url.startsWith(ENTRY)) return { format: "module", source: entrySource(url), shortCircuit: true };
      const number = MARK.exec(url)?.[1];
      if (number !== undefined) {
        const path = fileURLToPath(url.replace(MARK, ""));
        loadings[Number(number)]!.set(path, fileHash(path));
      }
      return next(url, context);
    },
  });
}

/** `ballast-extension:file:///a/b.ts?ballast=3` re-exports all of file:///a/b.ts?ballast=3. */
function entrySource(url: string): string {
  return `import * as exported from ${JSON.stringify(url.slice(ENTRY.length))}; export { exported };`;
}
