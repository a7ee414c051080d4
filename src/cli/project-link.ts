/** How a project finds ballast: a dependency on the folder that holds it, linked in node_modules as npm would, with the
 *  Node that it brings, so that `npx ballast`, `npm test` and an editor all meet the same copy. */
import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { makeFolder } from "../data/writable-folder.ts";
import { PACKAGE_ROOT } from "./project-template.ts";

/**
 * Links this copy of ballast into a project; a link to another place is replaced.
 *
 * @param folder absolute, with a package.json
 * @returns the folder linked to
 * @throws InputError where something that is no link is in the way, or package.json is no JSON
 */
export function linkBallast(folder: string): string {
  checkLinks(folder);
  const root = resolve(PACKAGE_ROOT);
  const project = realpathSync(folder); // a relative link counts from where the folder really is
  dependOn(join(project, "package.json"), `file:${relative(project, root)}`);
  const modules = join(project, "node_modules");
  replaceLink(join(modules, "ballast"), root, "dir");
  replaceLink(join(modules, ".bin", "ballast"), join(root, "bin", "ballast.js"), "file");
  const node = join(root, "node_modules", ".bin", "node");
  if (existsSync(node)) replaceLink(join(modules, ".bin", "node"), node, "file");
  return root;
}

/**
 * Whether nothing but links is where the links will be.
 *
 * @throws InputError naming what is in the way
 */
export function checkLinks(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const faults = LINKS.map((parts) => join(folder, "node_modules", ...parts))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === false)
    .map((where) => ({ where, rule: "is no link and would be overwritten: remove it first" }));
  if (faults.length > 0) throw new InputError(faults);
}

const LINKS = [["ballast"], [".bin", "ballast"], [".bin", "node"]] as const;

function dependOn(path: string, target: string): void {
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw InputError.of({ where: path, rule: `not valid JSON: ${(error as Error).message}` });
  }
  const dependencies = { ...(content.dependencies as object | undefined), ballast: target };
  writeFileSync(path, `${JSON.stringify({ ...content, dependencies }, null, 2)}\n`);
}

/** Relative, so that both folders can be moved together. */
function replaceLink(path: string, target: string, type: "dir" | "file"): void {
  makeFolder(dirname(path));
  const present = lstatSync(path, { throwIfNoEntry: false });
  const wanted = relative(dirname(path), target);
  if (present?.isSymbolicLink() && readlinkSync(path) === wanted) return;
  rmSync(path, { force: true });
  symlinkSync(wanted, path, type);
}
