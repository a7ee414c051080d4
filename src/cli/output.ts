/** Where the command line speaks: results on stdout, everything else on stderr. */
import { jsonForm } from "../experiment/json-form.ts";

export function printResult(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON object on stdout: snake_case keys, NaN as null. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(jsonForm(value), null, 2)}\n`);
}

export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A warning on stderr, wrapped to 80 columns with its later lines indented. */
export function printWarning(text: string): void {
  printNote(`\n${wrapped(`warning: ${text}`, 80, "  ")}`);
}

/** Breaks at spaces; a word longer than the width keeps its line. */
export function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
