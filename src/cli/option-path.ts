/** Options that name a file or folder. */
import { InvalidArgumentError } from "commander";

/** A commander argument parser: anything but nothing. */
export function optionPath(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("Must be a path.");
  return text;
}
