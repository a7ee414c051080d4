/** The files of a new project: those under templates/project as they are, and a package.json. Nothing is overwritten. */
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/errors.ts";
import { makeFolder } from "../data/writable-folder.ts";

/** The folder that holds this copy of ballast. */
export const PACKAGE_ROOT = fileURLToPath(new URL("../../", import.meta.url));

const TEMPLATE = join(PACKAGE_ROOT, "templates", "project");

export interface ProjectFile {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly content: string;
}

/**
 * In order of their paths.
 *
 * @param folder of the project, which its package.json is named for
 */
export function projectFiles(folder: string): ProjectFile[] {
  const files = readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TEMPLATE.length + 1))
    .map((path) => ({
      // npm leaves a .gitignore out of what it packs
      path: path === "gitignore" ? ".gitignore" : path.replaceAll(sep, "/"),
      content: readFileSync(join(TEMPLATE, path), "utf8"),
    }))
    .concat({ path: "package.json", content: packageJson(folder) });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Writes the files.
 *
 * @param folder absolute; made where it is missing
 * @throws InputError naming every file that is there already, before anything is written
 */
export function writeProject(folder: string, files: readonly ProjectFile[]): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isFile())
    throw InputError.of({ where: folder, rule: "is a file, a folder was expected" });
  const present = files.filter(({ path }) => lstatSync(join(folder, path), { throwIfNoEntry: false }) !== undefined);
  if (present.length > 0)
    throw new InputError(
      present.map(({ path }) => ({ where: join(folder, path), rule: "is there already and would be overwritten" })),
    );
  for (const { path, content } of files) {
    const target = join(folder, path);
    makeFolder(dirname(target));
    writeFileSync(target, content, { flag: "wx" });
  }
}

const NOT_LINKED = "ballast is not linked here. In the folder of ballast, run: npx ballast init --link ";

/** Says what to do where the link is missing, in place of a module that cannot be found. */
const CHECK_LINK = `node -e "require('fs').existsSync('node_modules/ballast/bin/ballast.js') || (console.error('${NOT_LINKED}' + process.cwd()), process.exit(1))"`;

function packageJson(folder: string): string {
  const name =
    basename(folder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "project";
  const content = {
    name: name === "ballast" ? "ballast-project" : name,
    private: true,
    type: "module",
    scripts: { pretest: CHECK_LINK, test: "node --test" },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
