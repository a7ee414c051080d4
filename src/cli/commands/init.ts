/** `ballast init`: a small project that runs at once, from the files under templates/project. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import { optionPath } from "../option-path.ts";
import { printJson, printResult, wrapped } from "../output.ts";
import { checkLinks, linkBallast } from "../project-link.ts";
import { projectFiles, writeProject } from "../project-template.ts";

interface InitOptions {
  readonly link?: true;
  readonly json?: true;
}

export function addInit(program: Command): void {
  program
    .command("init")
    .argument("<dir>", "folder of the project; made where it is missing", optionPath)
    .description("write a small project: experiment, sweep, an extension and its test")
    .option("--link", "only link ballast again, after one of the two folders was moved")
    .option("--json", "print one JSON object on stdout")
    .addHelpText(
      "after",
      "\nNothing is ever overwritten: a folder that has a file of that name is refused.\n\nExample:\n  ballast init my-project",
    )
    .action((dir: string, options: InitOptions) => {
      const folder = resolve(dir);
      if (options.link && !existsSync(resolve(folder, "package.json")))
        throw InputError.of({ where: dir, rule: "is no project: it has no package.json to link ballast in" });
      checkLinks(folder);
      const files = options.link ? [] : projectFiles(folder);
      if (!options.link) writeProject(folder, files);
      const linked = linkBallast(folder);
      const next = nextCommands(dir);
      if (options.json) printJson({ folder, files: files.map(({ path }) => path), linked, next });
      else if (options.link) printResult(`linked  ${linked}`);
      else
        printResult(
          [
            `wrote ${dir}: ${wrapped(files.map(({ path }) => path).join(", "), 80 - 4, "  ")}`,
            "",
            "next:",
            ...next.map((line) => `  ${line}`),
          ].join("\n"),
        );
    });
}

/** What to type, one after the other, where `ballast init` was typed. */
function nextCommands(dir: string): string[] {
  const enter = resolve(dir) === process.cwd() ? "" : `cd ${quoted(dir)} && `;
  return [`${enter}npx ballast run experiment.yaml`, "npm test"];
}

/** As a shell takes it in one piece. */
function quoted(path: string): string {
  return /^[\w./~+@%,:=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
