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
