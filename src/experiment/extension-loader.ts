/** A file of extensions to what it exports, without waiting, so that a config is read in one go. */
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { announceLoading, fileHash } from "./extension-hooks.ts";

export interface LoadedModule {
  readonly exported: Readonly<Record<string, unknown>>;
  /** Absolute path -> hash: the file and every file it imports by a relative path. */
  readonly files: ReadonlyMap<string, string>;
}

const require = createRequire(import.meta.url);
const known = new Map<string, LoadedModule>();

/**
 * The module as its files are now: one that was loaded before is loaded anew when it, or a file it imports, has changed.
 *
 * @param path absolute
 * @returns or why there is no module, in words that go on from its name
 */
export function loadModule(path: string): LoadedModule | string {
  const before = known.get(path);
  if (before !== undefined && [...before.files].every(([file, hash]) => existsSync(file) && fileHash(file) === hash))
    return before;
  // CommonJS modules are kept by their paths, whatever their addresses are
  for (const file of before?.files.keys() ?? []) delete require.cache[file];
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) return "is a directory, a TypeScript module was expected";
  if (!/\.[cm]?[jt]s$/.test(path)) return "must be a TypeScript or JavaScript module, such as my-momentum.ts";
  const { specifier, files } = announceLoading(pathToFileURL(path).href);
  try {
    const { exported } = require(specifier) as { readonly exported: LoadedModule["exported"] };
    for (const file of [...files.keys()]) noteRequired(file, files);
    const loaded = { exported, files };
    known.set(path, loaded);
    return loaded;
  } catch (error) {
    return whyNot(error);
  }
}

/** Bundlers find a TypeScript file by a name without its ending, or with that of what it is compiled to; Node does not. */
function withEnding(message: string): string {
  const path = /'(.+?)'/.exec(message)?.[1] ?? "";
  const meant = [`${path}.ts`, path.replace(/js$/, "ts")].find((file) => file !== path && existsSync(file));
  return meant === undefined ? "" : `, did you mean "${basename(meant)}"?`;
}

/** Files that a CommonJS module requires: hooks are told of none whose requirer goes by its path alone. */
function noteRequired(path: string, files: Map<string, string>): void {
  for (const { filename } of require.cache[path]?.children ?? []) {
    if (files.has(filename) || filename.split(sep).includes("node_modules")) continue;
    files.set(filename, fileHash(filename));
    noteRequired(filename, files);
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)} while it was loaded`;
  const { code } = error as NodeJS.ErrnoException;
  const message = error.message.split("\n")[0]!.replaceAll(/\?ballast=\d+/g, "");
  if (code === "ERR_REQUIRE_ASYNC_MODULE") return "must not await at its top level, nor import a module that does";
  if (code === "ERR_MODULE_NOT_FOUND")
    return `imports what is not there: ${message.replace(/ imported from .*$/, "")}${withEnding(message)}`;
  const absent = /'ballast' does not provide an export named '(.+)'/.exec(message)?.[1];
  if (absent !== undefined)
    return `imports ${absent} from ballast, which extensions do not get: docs/extensions.md lists what they do`;
  const stack = (error.stack ?? "").replaceAll(/\?ballast=\d+/g, "");
  const places = [...stack.matchAll(/([^\s(]+\.[cm]?[jt]s):(\d+)/g)];
  const place = places.find(([, file]) => !file!.includes(import.meta.dirname));
  const at = place === undefined ? "" : ` (${basename(place[1]!)}:${place[2]})`;
  if (error instanceof SyntaxError) return `does not parse: ${message}${at}`;
  return `threw while it was loaded: ${message}${at}`;
}
