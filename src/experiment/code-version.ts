/** Which code made a result: the package version and a hash over every source file, so that two runs can be
 *  told apart even where nobody raised the version. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface CodeVersion {
  readonly version: string;
  /** SHA-256 over the names and contents of all files under src/, 64 hex digits. */
  readonly codeHash: string;
  /** Exact versions of the libraries a result can depend on, and of Node. */
  readonly libraries: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Written by the build beside the compiled files, since an installed package may come without its source. */
export const BUILD_INFO = "dist/build-info.json";

let known: CodeVersion | undefined;

/** Read once per process. */
export function codeVersion(): CodeVersion {
  known ??= readCodeVersion();
  return known;
}

function readCodeVersion(): CodeVersion {
  const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const compiled = !import.meta.url.endsWith(".ts") && existsSync(`${root}${BUILD_INFO}`);
  const codeHash = compiled
    ? (JSON.parse(readFileSync(`${root}${BUILD_INFO}`, "utf8")) as { codeHash: string }).codeHash
    : hashSource(`${root}src`);
  return { version: manifest.version, codeHash, libraries: { node: process.versions.node, ...manifest.dependencies } };
}

/** SHA-256 over every file below `folder`, in order of name. */
export function hashSource(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
  for (const file of files) hash.update(file.slice(folder.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
